import { plainQuote } from './plain-quote';

/** Where a block of code begins or ends; the line break after its language has become a space. */
const FENCE = /(?:```|~~~)(?:\w* )?/g;

/** What the search found, as it comes with its marks, without its Markdown. */
export function plainFound(highlight: string): string {
	return plainQuote(highlight.replace(FENCE, ''));
}
