import type { Room, Sender } from '$lib/api/types';

export function personName(person: { display_name: string; username: string }): string {
	return person.display_name || person.username;
}

/** The one we talk to in a direct room; in a room with a deleted account nobody may be left. */
export function otherPerson(room: Room, myId: string): Sender | undefined {
	if (room.room_type !== 'direct') return undefined;
	return room.participants.find(({ id }) => id !== myId) ?? room.participants[0];
}

/** Null for a room that has no name to show. */
export function roomName(room: Room, myId: string): string | null {
	const other = otherPerson(room, myId);
	return other ? personName(other) : room.name;
}

/** One or two letters that stand for a name. */
export function initials(name: string): string {
	const words = name.trim().split(/\s+/);
	const letters = [words[0], words.length > 1 ? words.at(-1) : undefined]
		.flatMap((word) => (word ? [...word][0] : undefined) ?? [])
		.join('');
	return letters.toLocaleUpperCase() || '?';
}

/** How many there are in `tokens.css`. */
const HUES = 6;

/** A colour, always the same for the same id. */
export function hueOf(id: string): number {
	let sum = 7;
	for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
	return sum % HUES;
}
