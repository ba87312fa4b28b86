import type { Attachment } from 'svelte/attachments';

/**
 * The browser's own modal: it traps the focus. Who had it before gets it back, also where the dialog has
 * left the page before it was closed.
 */
export const modal: Attachment<HTMLDialogElement> = (dialog) => {
	const before = document.activeElement;
	dialog.showModal();
	return () => {
		dialog.close();
		const lost = !document.activeElement || document.activeElement === document.body;
		if (lost && before instanceof HTMLElement) before.focus({ preventScroll: true });
	};
};
