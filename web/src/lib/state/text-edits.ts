/** A text and what is selected of it; nothing, where both ends are the same. */
export interface Selected {
	readonly text: string;
	readonly start: number;
	readonly end: number;
}

/** Puts `insert` in the place of `from` to `to`, and then selects from `start` to `end`. */
export interface Edit {
	readonly from: number;
	readonly to: number;
	readonly insert: string;
	readonly start: number;
	readonly end: number;
}

/** What begins an item: its indent, its sign, and the box of a task. */
const ITEM = /^([ \t]*)(?:([-*+])|(\d{1,9})([.)])|(>))([ \t]+)(\[[ xX]\][ \t]+)?/;
const ADDRESS = /^https?:\/\/[^\s<>]+$/i;

/** Puts marks around what is selected, or takes away those that are there. */
export function wrap({ text, start, end }: Selected, mark: string): Edit {
	const chosen = text.slice(start, end);
	const from = start + (chosen.length - chosen.trimStart().length);
	const to = chosen.trim() === '' ? from : end - (chosen.length - chosen.trimEnd().length);
	const inner = text.slice(from, to);
	const size = mark.length;
	if (inner.length > 2 * size && isMarked(inner, mark)) {
		const bare = inner.slice(size, -size);
		return { from, to, insert: bare, start: from, end: from + bare.length };
	}
	const around = text.slice(Math.max(0, from - size), to + size);
	if (from >= size && isMarked(around, mark) && !doubles(text, from - size, to + size, mark)) {
		const first = from - size;
		return { from: first, to: to + size, insert: inner, start: first, end: first + inner.length };
	}
	return { from, to, insert: mark + inner + mark, start: from + size, end: to + size };
}

function isMarked(text: string, mark: string): boolean {
	return text.length >= 2 * mark.length && text.startsWith(mark) && text.endsWith(mark);
}

/** The star of `**bold**` is not that of `*italic*`. */
function doubles(text: string, from: number, to: number, mark: string): boolean {
	return mark.length === 1 && (text[from - 1] === mark || text[to] === mark);
}

/** Makes a block of code of what is selected, on lines of its own. */
export function fence({ text, start, end }: Selected): Edit {
	const before = start > 0 && text[start - 1] !== '\n' ? '\n' : '';
	const after = end < text.length && text[end] !== '\n' ? '\n' : '';
	const chosen = text.slice(start, end).replace(/\n$/, '');
	const from = start + before.length + 4;
	return {
		from: start,
		to: end,
		insert: `${before}\`\`\`\n${chosen}\n\`\`\`${after}`,
		start: from,
		end: from + chosen.length,
	};
}

/** A backtick typed over a selection: one more on both sides, and the third makes a block. */
export function backtick(selected: Selected): Edit {
	const { text, start, end } = selected;
	const two = text.slice(0, start).endsWith('``') && text.startsWith('``', end);
	if (!two) {
		const insert = `\`${text.slice(start, end)}\``;
		return { from: start, to: end, insert, start: start + 1, end: end + 1 };
	}
	const bare = text.slice(0, start - 2) + text.slice(start, end) + text.slice(end + 2);
	const block = fence({ text: bare, start: start - 2, end: end - 2 });
	return { ...block, to: end + 2 };
}

export type LineSign = 'quote' | 'list' | 'numbered';

const signs: Record<LineSign, { has: RegExp; of: (index: number) => string }> = {
	quote: { has: /^> ?/, of: () => '> ' },
	list: { has: /^[-*+] /, of: () => '- ' },
	numbered: { has: /^\d{1,9}[.)] /, of: (index) => `${index + 1}. ` },
};

/** Begins each of the selected lines with a sign, or takes it away where all have it. */
export function signLines({ text, start, end }: Selected, sign: LineSign): Edit {
	const { has, of } = signs[sign];
	const from = text.lastIndexOf('\n', start - 1) + 1;
	const next = text.indexOf('\n', Math.max(end, from));
	const to = next === -1 ? text.length : next;
	const lines = text.slice(from, to).split('\n');
	const all = lines.every((line) => has.test(line));
	const insert = lines
		.map((line, index) => (all ? line.replace(has, '') : of(index) + bareLine(line)))
		.join('\n');
	const last = from + insert.length;
	return { from, to, insert, start: start === end ? last : from, end: last };
}

function bareLine(line: string): string {
	return Object.values(signs).reduce((rest, { has }) => rest.replace(has, ''), line);
}

/** A new line within a list begins its next item; on an empty item it ends the list. Null outside of lists. */
export function nextItem({ text, start, end }: Selected): Edit | null {
	if (start !== end) return null;
	const from = text.lastIndexOf('\n', start - 1) + 1;
	const found = ITEM.exec(text.slice(from, start));
	if (!found) return null;
	const [whole, indent = '', bullet, number, dot, quote, gap = ' ', task] = found;
	const stop = text.indexOf('\n', start);
	const rest = text.slice(from + whole.length, stop === -1 ? text.length : stop);
	if (rest.trim() === '') return { from, to: start, insert: '', start: from, end: from };
	const sign = bullet ?? quote ?? `${Number(number) + 1}${dot}`;
	const insert = `\n${indent}${sign}${gap}${task ? '[ ] ' : ''}`;
	const caret = start + insert.length;
	return { from: start, to: start, insert, start: caret, end: caret };
}

/** An address pasted over words becomes their link. Null for anything else. */
export function linkOver({ text, start, end }: Selected, pasted: string): Edit | null {
	const address = pasted.trim();
	const chosen = text.slice(start, end);
	if (!chosen.trim() || /[\n[\]]/.test(chosen) || ADDRESS.test(chosen.trim())) return null;
	if (!ADDRESS.test(address)) return null;
	const safe = address.replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'));
	const insert = `[${chosen}](${safe})`;
	const caret = start + insert.length;
	return { from: start, to: end, insert, start: caret, end: caret };
}

export function insertAt({ start, end }: Selected, insert: string): Edit {
	const caret = start + insert.length;
	return { from: start, to: end, insert, start: caret, end: caret };
}

export function applyEdit(text: string, { from, to, insert }: Edit): string {
	return text.slice(0, from) + insert + text.slice(to);
}
