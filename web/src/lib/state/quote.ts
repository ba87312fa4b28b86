import type { Message, Quote } from '$lib/api/types';

const LENGTH = 200;

/** A message as an answer to it quotes it. */
export function quoteOf({ id, sender, content, message_type, is_deleted, system }: Message): Quote {
	const cut = [...content].slice(0, LENGTH).join('');
	return { id, sender, content: cut, message_type, is_deleted, system };
}
