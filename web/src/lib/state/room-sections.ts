import type { Room } from '$lib/api/types';

export const sectionKinds = ['pinned', 'direct', 'groups', 'public'] as const;
export type SectionKind = (typeof sectionKinds)[number];

/** A part of the room list, in the order of the list. */
export interface Section {
	readonly kind: SectionKind;
	readonly rooms: readonly Room[];
}

export function sectionOf(room: Room): SectionKind {
	if (room.pinned) return 'pinned';
	if (room.room_type === 'direct') return 'direct';
	return room.visibility === 'public' ? 'public' : 'groups';
}

/** The parts that have rooms; each keeps the order of the list. */
export function sectionsOf(rooms: readonly Room[]): Section[] {
	return sectionKinds
		.map((kind) => ({ kind, rooms: rooms.filter((room) => sectionOf(room) === kind) }))
		.filter(({ rooms: own }) => own.length > 0);
}

export function isMuted(room: Room, now: Date): boolean {
	return room.muted_until !== null && Date.parse(room.muted_until) > now.getTime();
}

/** The rooms as they stand one below the other, without those of closed sections. */
export function inOrder(
	sections: readonly Section[],
	collapsed: readonly SectionKind[],
): readonly Room[] {
	return sections.flatMap(({ kind, rooms }) => (collapsed.includes(kind) ? [] : rooms));
}

/** The room `step` places on from `current`, round and round; the first one from nowhere. */
export function neighbour(
	rooms: readonly Room[],
	current: string | undefined,
	step: 1 | -1,
): Room | undefined {
	const at = rooms.findIndex(({ id }) => id === current);
	if (at < 0) return step === 1 ? rooms[0] : rooms.at(-1);
	return rooms[(at + step + rooms.length) % rooms.length];
}

/** The next one with something unread that is not muted. */
export function unreadNeighbour(
	rooms: readonly Room[],
	current: string | undefined,
	step: 1 | -1,
	now: Date,
): Room | undefined {
	const worth = rooms.filter(
		(room) => room.id === current || ((room.unread_count ?? 0) > 0 && !isMuted(room, now)),
	);
	const next = neighbour(worth, current, step);
	return next?.id === current ? undefined : next;
}
