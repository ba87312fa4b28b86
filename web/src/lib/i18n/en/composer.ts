import type { Plural } from '../plural.ts';

export const composer = {
	'message.label': 'Message',
	'message.placeholder': 'Write a message…',
	'message.send': 'Send',
	'message.replying': 'Replying to {name}',
	'message.editing': 'Editing your message',
	'message.too_long': {
		one: '{count} character too long',
		other: '{count} characters too long',
	} as Plural,
} as const;
