import { beforeAll, expect, it } from 'vitest';
import { quoteOf } from '$lib/state/quote';
import { message } from '$lib/testing/messages';
import { all as en } from './en/all';
import { i18n } from './i18n.svelte';
import { quoteText, systemText } from './system';

beforeAll(() => {
	i18n.words = en;
});

it('words what happened itself, in a quote too', () => {
	const renamed = message(1, {
		message_type: 'system',
		content: 'in whatever language',
		system: { event: 'room_renamed', user: null, name: 'Garden' },
	});
	expect(systemText(renamed)).toBe('Ana renamed the room to “Garden”');
	expect(quoteText(quoteOf(renamed))).toBe('Ana renamed the room to “Garden”');
});

it('takes the words of the server for what it does not know', () => {
	const news = message(1, {
		message_type: 'system',
		content: 'Ana painted the room',
		system: { event: 'room_painted' as 'room_renamed', user: null, name: null },
	});
	expect(systemText(news)).toBe('Ana painted the room');
});
