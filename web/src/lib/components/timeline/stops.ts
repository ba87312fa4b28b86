import type { Attachment } from 'svelte/attachments';

/** What in a message's text Tab stops at: all of it in the message that has the focus, nothing in the others. */
export function stops(reachable: boolean, html: string): Attachment<HTMLElement> {
	// The text's elements are others once it has changed.
	void html;
	return (element) => {
		for (const one of element.querySelectorAll<HTMLElement>('a[href], button')) {
			one.tabIndex = reachable ? 0 : -1;
		}
	};
}
