import type { Attachment } from 'svelte/attachments';
import { isPlain } from './rendered';

/** What in a message's text Tab stops at: all of it in the message that has the focus, nothing in the others. */
export function stops(reachable: boolean, html: string): Attachment<HTMLElement> {
	// The text's elements are others once it has changed.
	const plain = isPlain(html);
	return (element) => {
		if (plain) return;
		for (const one of element.querySelectorAll<HTMLElement>('a[href], button')) {
			one.tabIndex = reachable ? 0 : -1;
		}
	};
}
