import { trustedHtml } from '$lib/trusted';

export interface FoundLink {
	href: string;
	text: string;
	host: string;
}

/** Where a message's text leads to, each place once. Nothing of a document made by `DOMParser` is loaded or run. */
export function linksOf(html: string): FoundLink[] {
	const { body } = new DOMParser().parseFromString(trustedHtml(html), 'text/html');
	const links = [...body.querySelectorAll<HTMLAnchorElement>('a[href^="http"]')];
	// What the server takes for an address need not be one to the browser.
	const found = links
		.filter((link) => URL.canParse(link.href))
		.map((link): FoundLink => {
			const { href, host } = new URL(link.href);
			return { href, host, text: link.textContent.trim() || href };
		});
	return [...new Map(found.map((link) => [link.href, link])).values()];
}
