import { describe, expect, it } from 'vitest';
import {
	applyEdit,
	backtick,
	fence,
	linkOver,
	nextItem,
	signLines,
	wrap,
	type Edit,
	type Selected,
} from './text-edits';

/** `[` and `]` stand for the ends of the selection, `|` for a caret. */
function from(marked: string): Selected {
	const caret = marked.indexOf('|');
	if (caret >= 0) return { text: marked.replace('|', ''), start: caret, end: caret };
	const start = marked.indexOf('[');
	const end = marked.indexOf(']') - 1;
	return { text: marked.replace('[', '').replace(']', ''), start, end };
}

function shown(selected: Selected, edit: Edit | null): string | null {
	if (!edit) return null;
	const text = applyEdit(selected.text, edit);
	if (edit.start === edit.end) return `${text.slice(0, edit.start)}|${text.slice(edit.start)}`;
	return `${text.slice(0, edit.start)}[${text.slice(edit.start, edit.end)}]${text.slice(edit.end)}`;
}

describe('marks around words', () => {
	const bold = (marked: string) => shown(from(marked), wrap(from(marked), '**'));
	const italic = (marked: string) => shown(from(marked), wrap(from(marked), '*'));

	it('come, and go again', () => {
		expect(bold('so [very] good')).toBe('so **[very]** good');
		expect(bold('so **[very]** good')).toBe('so [very] good');
		expect(bold('so [**very**] good')).toBe('so [very] good');
	});

	it('wait for what is typed between them', () => {
		expect(bold('so |')).toBe('so **|**');
		expect(bold('so **|**')).toBe('so |');
	});

	it('leave the spaces outside', () => {
		expect(bold('so[ very ]good')).toBe('so **[very]** good');
		expect(bold('a[  ]b')).toBe('a  **|**b');
	});

	it('of one star do not take one of two', () => {
		expect(italic('**[very]**')).toBe('***[very]***');
	});
});

describe('code', () => {
	it('stands on lines of its own', () => {
		expect(shown(from('say [a\nb] now'), fence(from('say [a\nb] now')))).toBe(
			'say \n```\n[a\nb]\n```\n now',
		);
		expect(shown(from('[a]'), fence(from('[a]')))).toBe('```\n[a]\n```');
	});

	it('is made by backticks over a selection', () => {
		const steps = ['so [very] good', 'so `[very]` good', 'so ``[very]`` good'];
		expect(steps.map((step) => shown(from(step), backtick(from(step))))).toEqual([
			'so `[very]` good',
			'so ``[very]`` good',
			'so \n```\n[very]\n```\n good',
		]);
	});
});

describe('lines', () => {
	const list = (marked: string) => shown(from(marked), signLines(from(marked), 'list'));

	it('get a sign each, and lose it', () => {
		expect(list('x\none[\nt]wo\ny')).toBe('x\n[- one\n- two]\ny');
		expect(list('[- one\n- two]')).toBe('[one\ntwo]');
		expect(list('|')).toBe('- |');
	});

	it('are counted, and change their sign', () => {
		const numbered = from('[- one\n> two]');
		expect(shown(numbered, signLines(numbered, 'numbered'))).toBe('[1. one\n2. two]');
		const quote = from('wh|y');
		expect(shown(quote, signLines(quote, 'quote'))).toBe('> why|');
	});
});

describe('a new line in a list', () => {
	const next = (marked: string) => shown(from(marked), nextItem(from(marked)));

	it('begins the next item', () => {
		expect(next('- one|')).toBe('- one\n- |');
		expect(next('  * one|two')).toBe('  * one\n  * |two');
		expect(next('9. nine|')).toBe('9. nine\n10. |');
		expect(next('1) one|')).toBe('1) one\n2) |');
		expect(next('- [x] done|')).toBe('- [x] done\n- [ ] |');
		expect(next('> said|')).toBe('> said\n> |');
	});

	it('ends the list on an empty item', () => {
		expect(next('- one\n- |')).toBe('- one\n|');
		expect(next('- one\n- |\nafter')).toBe('- one\n|\nafter');
	});

	it('is any line elsewhere', () => {
		expect(next('one|')).toBeNull();
		expect(next('-one|')).toBeNull();
		expect(next('- [one]')).toBeNull();
		expect(next('|- one')).toBeNull();
	});
});

describe('an address pasted', () => {
	const paste = (marked: string, address: string) =>
		shown(from(marked), linkOver(from(marked), address));

	it('over words makes a link of them', () => {
		expect(paste('see [here] now', 'https://example.org/a(b) ')).toBe(
			'see [here](https://example.org/a%28b%29)| now',
		);
	});

	it('elsewhere is pasted as it is', () => {
		expect(paste('see |', 'https://example.org')).toBeNull();
		expect(paste('see [here]', 'no address')).toBeNull();
		expect(paste('[https://example.com]', 'https://example.org')).toBeNull();
		expect(paste('[a\nb]', 'https://example.org')).toBeNull();
	});
});
