import { expect, it } from 'vitest';
import { wordDiff } from './word-diff';

const marked = (before: string, after: string) =>
	wordDiff(before, after)
		.map(({ kind, text }) => (kind === 'same' ? text : `${kind === 'added' ? '+' : '-'}[${text}]`))
		.join('');

it('marks words that came and went', () => {
	expect(marked('See you at five', 'See you at six')).toBe('See you at -[five]+[six]');
	expect(marked('Bring tea', 'Bring green tea')).toBe('Bring +[green ]tea');
	expect(marked('', 'New')).toBe('+[New]');
	expect(marked('Same', 'Same')).toBe('Same');
	expect(marked('a b c', 'a x c y')).toBe('a -[b]+[x] c+[ y]');
});

it('gives both texts back, whatever they are', () => {
	const texts = ['uno dos tres', '¡Hola, mundo! 👋🏽', 'dos\n\ntres  uno', 'x '.repeat(3000), ''];
	for (const before of texts) {
		for (const after of texts) {
			const pieces = wordDiff(before, after);
			const without = (kind: string) =>
				pieces.flatMap((piece) => (piece.kind === kind ? [] : [piece.text])).join('');
			expect(without('removed')).toBe(after);
			expect(without('added')).toBe(before);
		}
	}
});
