/** A piece of two texts: in both, only in the later (`added`) or only in the earlier (`removed`). */
export interface Piece {
	kind: 'same' | 'added' | 'removed';
	text: string;
}

/** Above so many pairs of words a comparison costs too much: the middle then counts as replaced. */
const MAX_PAIRS = 4_000_000;

/** What became of a text, word by word. */
export function wordDiff(before: string, after: string): Piece[] {
	const [a, b] = [words(before), words(after)];
	let start = 0;
	while (start < a.length && start < b.length && a[start] === b[start]) start++;
	let end = 0;
	const most = Math.min(a.length, b.length) - start;
	while (end < most && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
	return joined([
		...a.slice(0, start).map((text): Piece => ({ kind: 'same', text })),
		...between(a.slice(start, a.length - end), b.slice(start, b.length - end)),
		...a.slice(a.length - end).map((text): Piece => ({ kind: 'same', text })),
	]);
}

/** Words, and what stands between them. */
function words(text: string): string[] {
	return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

/** By the longest common subsequence. */
function between(a: readonly string[], b: readonly string[]): Piece[] {
	const removed = a.map((text): Piece => ({ kind: 'removed', text }));
	const added = b.map((text): Piece => ({ kind: 'added', text }));
	if (a.length === 0 || b.length === 0 || a.length * b.length > MAX_PAIRS) {
		return [...removed, ...added];
	}
	const width = b.length + 1;
	const lengths = new Uint16Array((a.length + 1) * width);
	const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
	for (let i = a.length - 1; i >= 0; i--) {
		for (let j = b.length - 1; j >= 0; j--) {
			lengths[i * width + j] =
				a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
		}
	}
	const pieces: Piece[] = [];
	let [i, j] = [0, 0];
	while (i < a.length && j < b.length) {
		if (a[i] === b[j]) {
			pieces.push({ kind: 'same', text: a[i] ?? '' });
			i++;
			j++;
		} else if (at(i + 1, j) >= at(i, j + 1)) pieces.push(...removed.slice(i, ++i));
		else pieces.push(...added.slice(j, ++j));
	}
	return [...pieces, ...removed.slice(i), ...added.slice(j)];
}

/** Neighbours of a kind as one; a space between two changed words belongs to them. */
function joined(pieces: readonly Piece[]): Piece[] {
	const runs: Piece[] = [];
	let waiting: Piece[] = [];
	const flush = () => {
		for (const kind of ['removed', 'added', 'same'] as const) {
			const text = waiting.filter((piece) => piece.kind === kind).map((piece) => piece.text);
			if (text.length > 0) runs.push({ kind, text: text.join('') });
		}
		waiting = [];
	};
	for (const piece of pieces) {
		const changed = piece.kind !== 'same';
		if (waiting.length > 0 && changed !== (waiting[0]?.kind !== 'same')) flush();
		waiting.push(piece);
	}
	flush();
	return runs;
}
