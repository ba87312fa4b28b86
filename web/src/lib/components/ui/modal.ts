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

/** Closes a dialog that is pressed and let go beside: a selection drawn out of a field does not. */
export function closesBeside(close: () => void): Attachment<HTMLDialogElement> {
	return (dialog) => {
		let begun = false;
		const beside = ({ target, clientX: x, clientY: y }: MouseEvent) => {
			const { left, right, top, bottom } = dialog.getBoundingClientRect();
			return target === dialog && (x < left || x > right || y < top || y > bottom);
		};
		// What a handler gives back as false would hold back what the browser does.
		dialog.onpointerdown = (event) => void (begun = beside(event));
		dialog.onclick = (event) => {
			if (begun && beside(event)) close();
		};
	};
}
