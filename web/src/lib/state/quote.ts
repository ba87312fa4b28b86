import type { Message, Quote } from '$lib/api/types';

const LENGTH = 200;

/** A message as an answer to it quotes it. */
export function quoteOf({ id, sender, content }: Message): Quote {
	return { id, sender, content: [...content].slice(0, LENGTH).join('') };
}
