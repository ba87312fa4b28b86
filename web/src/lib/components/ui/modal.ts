import type { Attachment } from 'svelte/attachments';

/**
 * The browser's own modal: it traps the focus and closes on Escape. It ends with being taken out of the
 * page; the focus is then given back here, unless something else has taken it.
 */
export const modal: Attachment<HTMLDialogElement> = (dialog) => {
	const before = document.activeElement as HTMLElement | null;
	dialog.showModal();
	return () => {
		if (document.activeElement === document.body) before?.focus({ preventScroll: true });
	};
};
