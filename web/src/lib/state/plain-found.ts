import { plainQuote } from './plain-quote';

/** Where a block of code begins, with its language up to the end of the line, or ends. */
const FENCE = /(?:`{3,}|~{3,})(?:(?:<mark>)?[\w+#.-]*(?:<\/mark>)?\s)?/g;

/** What the search found, as it comes with its marks, without its Markdown. */
export function plainFound(highlight: string): string {
	return plainQuote(highlight.replace(FENCE, ''));
}
