import type { Attachment } from 'svelte/attachments';

/** Lets a text area grow with its text where the browser does not know `field-sizing`. */
export const growing: Attachment<HTMLTextAreaElement> = (area) => {
	if (CSS.supports('field-sizing', 'content')) return;
	const fit = () => {
		area.style.height = 'auto';
		area.style.height = `${area.scrollHeight}px`;
	};
	area.addEventListener('input', fit);
	return () => area.removeEventListener('input', fit);
};
