import type { Room } from '$lib/api/types';
import { fuzzyMatch, type Match } from './fuzzy';
import { otherPerson, roomName } from './names';

export interface FoundRoom {
	readonly room: Room;
	readonly name: string;
	readonly ranges: Match['ranges'];
}

const NONE: Match['ranges'] = [];

/** The rooms whose name fits, or the username of whom one talks to; the best first, else as they come. */
export function findRooms(rooms: readonly Room[], words: string, myId: string): FoundRoom[] {
	const found: (FoundRoom & { score: number })[] = [];
	for (const room of rooms) {
		const name = roomName(room, myId) ?? '';
		const match = fuzzyMatch(name, words);
		const other = match ? undefined : otherPerson(room, myId);
		const byUsername = other ? fuzzyMatch(other.username, words) : null;
		if (match) found.push({ room, name, ...match });
		else if (byUsername) found.push({ room, name, score: byUsername.score, ranges: NONE });
	}
	return found.sort((a, b) => b.score - a.score);
}

/** The rooms looked at last first, then the others as they come; the one on screen last of all. */
export function recentFirst(
	rooms: readonly Room[],
	recent: readonly string[],
	current: string | undefined,
): Room[] {
	const place = new Map(recent.map((id, at) => [id, at]));
	const at = ({ id }: Room) => (id === current ? Infinity : (place.get(id) ?? recent.length));
	return [...rooms].sort((a, b) => (at(a) === at(b) ? 0 : at(a) - at(b)));
}
