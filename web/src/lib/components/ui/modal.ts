import type { Attachment } from 'svelte/attachments';

/**
 * The browser's own modal: it traps the focus and closes on Escape. It is out of the page before it is
 * closed, so the focus is given back here, unless something else has taken it.
 */
export const modal: Attachment<HTMLDialogElement> = (dialog) => {
	const before = document.activeElement as HTMLElement | null;
	dialog.showModal();
	return () => {
		dialog.close();
		if (document.activeElement === document.body) before?.focus({ preventScroll: true });
	};
};
