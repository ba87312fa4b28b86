/** A text that fits what was typed: how well, and which of its letters. */
export interface Match {
	readonly score: number;
	/** Of the text as it is shown, from and up to. */
	readonly ranges: readonly (readonly [number, number])[];
}

const WHOLE = 1_000;
const START_OF_TEXT = 60;
const START_OF_WORD = 30;
const IN_A_ROW = 15;

/** Without case and accents, letter for letter, so that places stay what they are. */
function fold(text: string): string[] {
	return [...text].map((letter) => letter.normalize('NFD')[0]?.toLowerCase() ?? letter);
}

const isBoundary = (letter: string | undefined) => !letter || /[\s\-_.,/()«»“”"']/.test(letter);

/** Whether the letters of `words` stand in `text` in their order; null where they do not. */
export function fuzzyMatch(text: string, words: string): Match | null {
	const wanted = fold(words.trim()).filter((letter) => letter !== ' ');
	const letters = fold(text);
	if (wanted.length === 0) return { score: 0, ranges: [] };
	const whole = contiguous(text, letters, fold(words.trim()));
	if (whole) return whole;
	const places: number[] = [];
	let from = 0;
	let score = 0;
	for (const letter of wanted) {
		const at = best(letters, letter, from, places.at(-1));
		if (at < 0) return null;
		if (at === (places.at(-1) ?? -2) + 1) score += IN_A_ROW;
		if (isBoundary(letters[at - 1])) score += START_OF_WORD;
		score -= at - from;
		places.push(at);
		from = at + 1;
	}
	return { score: score - letters.length / 100, ranges: rangesOf(places, text) };
}

/** The next letter in a row, else the next beginning of a word, else the next at all. */
function best(
	letters: readonly string[],
	letter: string,
	from: number,
	last: number | undefined,
): number {
	if (last !== undefined && letters[last + 1] === letter) return last + 1;
	const begins = letters.findIndex(
		(other, at) => at >= from && other === letter && isBoundary(letters[at - 1]),
	);
	return begins >= 0 ? begins : letters.indexOf(letter, from);
}

function contiguous(
	text: string,
	letters: readonly string[],
	wanted: readonly string[],
): Match | null {
	let found = -1;
	for (let at = 0; at + wanted.length <= letters.length; at++) {
		if (!wanted.every((letter, step) => letters[at + step] === letter)) continue;
		if (found < 0 || (isBoundary(letters[at - 1]) && !isBoundary(letters[found - 1]))) found = at;
	}
	if (found < 0) return null;
	const place = found === 0 ? START_OF_TEXT : isBoundary(letters[found - 1]) ? START_OF_WORD : 0;
	const places = wanted.map((_, step) => found + step);
	return {
		score: WHOLE + place - letters.length / 100,
		ranges: rangesOf(places, text),
	};
}

/** From places of letters to ranges of the text, whose letters may be several units long. */
function rangesOf(places: readonly number[], text: string): [number, number][] {
	const starts: number[] = [];
	let at = 0;
	for (const letter of text) {
		starts.push(at);
		at += letter.length;
	}
	starts.push(at);
	const ranges: [number, number][] = [];
	for (const place of places) {
		const [start, end] = [starts[place] ?? 0, starts[place + 1] ?? at];
		const last = ranges.at(-1);
		if (last?.[1] === start) last[1] = end;
		else ranges.push([start, end]);
	}
	return ranges;
}

/** The text in pieces, those that were sought marked. */
export function pieces(text: string, ranges: Match['ranges']): { text: string; hit: boolean }[] {
	const all: { text: string; hit: boolean }[] = [];
	let at = 0;
	for (const [start, end] of ranges) {
		if (start > at) all.push({ text: text.slice(at, start), hit: false });
		all.push({ text: text.slice(start, end), hit: true });
		at = end;
	}
	if (at < text.length) all.push({ text: text.slice(at), hit: false });
	return all;
}
