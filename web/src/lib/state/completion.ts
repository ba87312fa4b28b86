import type { Sender } from '$lib/api/types';

/** The word at the caret that asks for suggestions: somebody's name, or that of an emoji. */
export interface Token {
	readonly kind: 'person' | 'emoji';
	readonly from: number;
	readonly to: number;
	readonly query: string;
	/** An emoji's name between both colons is meant as it stands. */
	readonly closed: boolean;
}

const PERSON = /(?:^|[^\p{L}\p{N}_@.+/-])@([\p{L}\p{N}_.+-]{0,64})$/u;
const EMOJI = /(?:^|[^\p{L}\p{N}:])(:([\p{L}\p{N}_+-]{2,48})(:?))$/u;

export function tokenAt(text: string, caret: number): Token | null {
	const before = text.slice(text.lastIndexOf('\n', caret - 1) + 1, caret);
	const [, name] = PERSON.exec(before) ?? [];
	if (name !== undefined) {
		return { kind: 'person', from: caret - name.length - 1, to: caret, query: name, closed: false };
	}
	const [, whole, code, colon] = EMOJI.exec(before) ?? [];
	if (whole === undefined || code === undefined) return null;
	const from = caret - whole.length;
	return { kind: 'emoji', from, to: caret, query: code, closed: colon === ':' };
}

/** Without regard to case and accents. */
export function plain(text: string): string {
	return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Whose username or name begins so, the closest first. */
export function matchPeople(people: readonly Sender[], query: string, most: number): Sender[] {
	const wanted = plain(query);
	const ranked = people.flatMap((person) => {
		const name = plain(person.display_name);
		const words = name.split(/\s+/);
		if (plain(person.username).startsWith(wanted)) return [{ person, rank: 0 }];
		if (name.startsWith(wanted)) return [{ person, rank: 1 }];
		return words.some((word) => word.startsWith(wanted)) ? [{ person, rank: 2 }] : [];
	});
	ranked.sort((a, b) => a.rank - b.rank);
	return ranked.slice(0, most).map(({ person }) => person);
}
