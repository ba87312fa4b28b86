import type { Attachment } from 'svelte/attachments';
import { codeBlocks } from './code-blocks';
import { isMisleading } from './misleading';
import { scrolling } from './scrolling';
import { trustedHtml } from '$lib/trusted';

/** The page's own headings end with the second level. */
const SHIFT = 2;
/** What there is nothing to be made of. */
const PLAIN = /^[^<]*(<\/?(p|br|strong|em|del|code)>[^<]*)*$/;

/** Most messages are no more than text in paragraphs. */
export const isPlain = (html: string) => PLAIN.test(html);

export interface RenderedWords {
	copy: string;
	code: string;
	table: string;
}

/**
 * Puts the server's rendering of a message into the page, which is safe as it is, and makes of it
 * what a page can do beyond HTML. The nodes are ours to move: Svelte's `{@html}` wants to find them where it left them.
 */
export function rendered(
	html: string,
	my_id: string,
	words: RenderedWords,
): Attachment<HTMLElement> {
	return (element) => {
		const template = document.createElement('template');
		template.innerHTML = trustedHtml(html);
		const { content } = template;
		headings(content);
		links(content);
		mentions(content, my_id);
		tables(content, words.table);
		codeBlocks(content, words);
		element.replaceChildren(content);
		// The direction was taken when there was no text yet, and is not taken again by itself.
		element.removeAttribute('dir');
		element.dir = 'auto';
		const ends = [...element.querySelectorAll<HTMLElement>('[data-scrolls]')].map(scrolling);
		return () => ends.forEach((end) => end());
	};
}

/** Headings in a message are headings within the room, not of the page. */
function headings(content: DocumentFragment): void {
	for (const heading of content.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
		heading.ariaLevel = String(Number(heading.tagName.slice(1)) + SHIFT);
	}
}

/** What leads elsewhere opens beside and says where it leads; what leads to us stays in this page. */
function links(content: DocumentFragment): void {
	for (const link of content.querySelectorAll<HTMLAnchorElement>('a[href]')) {
		if (link.origin === location.origin && !link.pathname.startsWith('/media/')) {
			link.removeAttribute('target');
		} else {
			link.target = '_blank';
			link.relList.add('noopener', 'noreferrer');
			if (link.textContent.trim() !== link.href) link.title = link.href;
			if (isMisleading(link.textContent, new URL(link.href))) link.append(hostNote(link.hostname));
		}
	}
}

/** Where a link really leads. */
function hostNote(host: string): HTMLElement {
	const note = document.createElement('bdi');
	note.className = 'host';
	note.dir = 'ltr';
	note.textContent = ` (${host})`;
	return note;
}

function mentions(content: DocumentFragment, my_id: string): void {
	for (const mention of content.querySelectorAll<HTMLElement>('.mention')) {
		const { userId, mention: whom } = mention.dataset;
		if (userId === my_id || whom === 'room') mention.classList.add('me');
		// A name says nothing of the direction of what is said to it.
		mention.dir = 'auto';
		if (!userId) continue;
		const link = document.createElement('a');
		link.className = mention.className;
		link.dir = 'auto';
		link.href = `/people/${encodeURIComponent(userId)}`;
		link.dataset.userId = userId;
		link.append(...mention.childNodes);
		mention.replaceWith(link);
	}
}

/** A wide table scrolls by itself, and stays a table. */
function tables(content: DocumentFragment, label: string): void {
	for (const table of content.querySelectorAll('table')) {
		const box = document.createElement('div');
		box.className = 'table';
		box.dataset.scrolls = label;
		table.replaceWith(box);
		box.append(table);
	}
}
