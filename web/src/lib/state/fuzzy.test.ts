import { describe, expect, it } from 'vitest';
import { fuzzyMatch, pieces } from './fuzzy';

const shown = (text: string, words: string) => {
	const match = fuzzyMatch(text, words);
	if (!match) return null;
	return pieces(text, match.ranges)
		.map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
		.join('');
};
const score = (text: string, words: string) => fuzzyMatch(text, words)?.score ?? -Infinity;

describe('a fuzzy match', () => {
	it('finds letters in their order, beginnings of words first', () => {
		expect(shown('Summer trip', 'st')).toBe('[S]ummer [t]rip');
		expect(shown('Film club', 'club')).toBe('Film [club]');
		expect(shown('Garden', 'gdn')).toBe('[G]ar[d]e[n]');
		expect(shown('Garden', 'dg')).toBeNull();
	});

	it('cares neither for case nor for accents', () => {
		expect(shown('Ángel Núñez', 'nunez')).toBe('Ángel [Núñez]');
		expect(shown('jardin', 'JARDÍN')).toBe('[jardin]');
	});

	it('keeps signs of several units whole', () => {
		expect(shown('😀 Party', 'par')).toBe('😀 [Par]ty');
	});

	it('fits everything where nothing is sought', () => {
		expect(shown('Garden', '  ')).toBe('Garden');
	});

	it('puts the start before the middle, and a whole word before scattered letters', () => {
		expect(score('Ben Okoye', 'ben')).toBeGreaterThan(score('Ruben Sanz', 'ben'));
		expect(score('The Ben', 'ben')).toBeGreaterThan(score('Ruben Sanz', 'ben'));
		expect(score('Ruben Sanz', 'ben')).toBeGreaterThan(score('Big elephant nest', 'ben'));
	});
});
