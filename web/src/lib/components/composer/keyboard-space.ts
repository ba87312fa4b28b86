import type { Attachment } from 'svelte/attachments';

/** Less is a browser's bar that comes and goes. */
const KEYBOARD_PX = 120;

/**
 * Leaves room below for a keyboard on screen where the browser lays it over the page: elsewhere the page
 * is made smaller (`interactive-widget` in `app.html`), and there is nothing to do.
 */
export const keyboardSpace: Attachment<HTMLElement> = (element) => {
	const seen = visualViewport;
	if (!seen) return;
	const fit = () => {
		const hidden = innerHeight - seen.height - seen.offsetTop;
		const covered = seen.scale === 1 && hidden > KEYBOARD_PX;
		element.style.setProperty('--keyboard', covered ? `${hidden}px` : '0px');
	};
	fit();
	seen.addEventListener('resize', fit);
	seen.addEventListener('scroll', fit);
	return () => {
		seen.removeEventListener('resize', fit);
		seen.removeEventListener('scroll', fit);
	};
};
