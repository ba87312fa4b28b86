import { expect, it } from 'vitest';
import { fakeStorage } from '$lib/testing/fake-storage';
import { chooseTone, emojiTone, frequentEmoji, noteEmoji, recentEmoji } from './emoji-habits';

it('begins with the usual ones and learns', () => {
	const storage = fakeStorage();
	expect(frequentEmoji(storage)).toHaveLength(6);
	expect(frequentEmoji(storage)[0]).toBe('👍');
	expect(recentEmoji(storage)).toEqual([]);
	for (const emoji of ['🦊', '🦊', '🎉']) noteEmoji(storage, emoji);
	expect(frequentEmoji(storage).slice(0, 3)).toEqual(['🦊', '🎉', '👍']);
	expect(frequentEmoji(storage)).toHaveLength(6);
	expect(recentEmoji(storage)).toEqual(['🎉', '🦊']);
});

it('keeps the tone', () => {
	const storage = fakeStorage();
	expect(emojiTone(storage)).toBe(0);
	chooseTone(storage, 4);
	expect(emojiTone(storage)).toBe(4);
	expect(emojiTone(fakeStorage({ 'charla.emoji.tone': '9' }))).toBe(0);
});

it('survives what it does not understand', () => {
	for (const text of ['null', '{', '{"🦊":3}']) {
		const storage = fakeStorage({ 'charla.emoji': text });
		expect(frequentEmoji(storage)[0]).toBe('👍');
		expect(recentEmoji(storage)).toEqual([]);
	}
});
