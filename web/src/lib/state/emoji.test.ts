import { describe, expect, it } from 'vitest';
import { byShortcode, inTone, joinEmoji, searchEmoji, type EmojiSource } from './emoji';

const source = (emoji: string, annotation: string, more: Partial<EmojiSource>): EmojiSource => ({
	emoji,
	annotation,
	group: 0,
	version: 1,
	...more,
});
const coded = [
	source('😄', 'grinning', { shortcodes: ['smile'] }),
	source('👍', 'thumbs up', { shortcodes: ['+1', 'thumbsup'] }),
];
const named = [
	source('😄', 'cara sonriendo', { shortcodes: ['cara_sonriendo'], tags: ['feliz'] }),
	source('👍', 'pulgar hacia arriba', {
		group: 1,
		skins: [
			{ emoji: '👍🏻', tone: 1 },
			{ emoji: '👍🏼', tone: 2 },
		],
	}),
	source('😺', 'gato sonriendo', { tags: ['feliz'] }),
	source('🏻', 'tono de piel claro', { group: 2 }),
	source('🫪', 'cara deformada', { version: 17 }),
];
const all = joinEmoji(named, coded);
const found = (query: string) => searchEmoji(all, query, 10).map(({ emoji }) => emoji);

it('leaves out what is no emoji by itself, and what fonts do not have yet', () => {
	expect(all.map(({ emoji }) => emoji)).toEqual(['😄', '👍', '😺']);
});

it('writes each as the server does', () => {
	const written = joinEmoji([source('☕️', 'coffee', {}), source('❤️', 'heart', {})], []);
	expect(written.map(({ emoji }) => emoji)).toEqual(['☕', '❤️']);
});

describe('search', () => {
	it('knows the English short names and the words of the language', () => {
		expect(found('smile')).toEqual(['😄']);
		expect(found('+1')).toEqual(['👍']);
		expect(found('sonri')).toEqual(['😄', '😺']);
		expect(found('gato feliz')).toEqual(['😺']);
		expect(found('ARRIBA')).toEqual(['👍']);
		expect(found(' ')).toEqual([]);
	});

	it('finds a short name as it stands', () => {
		expect(byShortcode(all, 'Thumbsup')?.emoji).toBe('👍');
		expect(byShortcode(all, 'thumbs')).toBeUndefined();
	});
});

it('takes a skin tone where there is one', () => {
	const [smile, thumb] = all;
	expect([0, 1, 2].map((tone) => thumb && inTone(thumb, tone))).toEqual(['👍', '👍🏻', '👍🏼']);
	expect(smile && inTone(smile, 3)).toBe('😄');
});
