import { expect, it } from 'vitest';
import { fakeStorage } from '$lib/testing/fake-storage';
import { frequentEmoji, noteEmoji } from './frequent-emoji';

it('begins with the usual ones and learns', () => {
	const storage = fakeStorage();
	expect(frequentEmoji(storage)).toHaveLength(6);
	expect(frequentEmoji(storage)[0]).toBe('👍');
	for (const emoji of ['🦊', '🎉', '🦊']) noteEmoji(storage, emoji);
	expect(frequentEmoji(storage).slice(0, 3)).toEqual(['🦊', '🎉', '👍']);
	expect(frequentEmoji(storage)).toHaveLength(6);
});

it('survives what it does not understand', () => {
	expect(frequentEmoji(fakeStorage({ 'charla.emoji': 'null' }))[0]).toBe('👍');
	expect(frequentEmoji(fakeStorage({ 'charla.emoji': '{' }))[0]).toBe('👍');
});
