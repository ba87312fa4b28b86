import type { Attachment } from 'svelte/attachments';

/** The page's own headings end with the second level. */
const SHIFT = 2;

/**
 * Headings in a message are headings within the room, not of the page. `html` is what the element
 * shows: with another text they are looked at anew.
 */
export function underTheRoom(html: string): Attachment<HTMLElement> {
	return (content) => {
		if (!html.includes('<h')) return;
		for (const heading of content.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
			heading.ariaLevel = String(Number(heading.tagName.slice(1)) + SHIFT);
		}
	};
}
