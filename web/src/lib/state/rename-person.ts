import type { Sender } from '$lib/api/types';

/** Somebody has a new name or picture, wherever something names them; what does not stays the same object. */
export function renamePerson<T>(held: T, person: Sender): T {
	const text = JSON.stringify(held);
	if (!text.includes(`"id":"${person.id}"`)) return held;
	const renamed = (_: string, part: { id?: string } | null) =>
		part?.id === person.id ? person : part;
	return JSON.parse(text, renamed) as T;
}
