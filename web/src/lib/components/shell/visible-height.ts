import type { Attachment } from 'svelte/attachments';

/** Smaller than any keyboard, larger than any bar of a browser. */
const LEAST_KEYBOARD_PX = 100;

/** Keeps the whole within what a touch keyboard leaves, where the browser lays it over the page. */
export const visibleHeight: Attachment<HTMLElement> = (shell) => {
	const seen = window.visualViewport;
	if (!seen) return;
	const fit = () => {
		const covered = innerHeight - seen.height;
		const keyboard = seen.scale === 1 && covered > LEAST_KEYBOARD_PX;
		shell.style.height = keyboard ? `${seen.height}px` : '';
		// The browser has moved the page to show the field, which is in sight now by itself.
		if (keyboard) scrollTo(0, 0);
	};
	seen.addEventListener('resize', fit);
	return () => seen.removeEventListener('resize', fit);
};
