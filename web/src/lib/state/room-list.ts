import type { Message, Room } from '$lib/api/types';
import type { HelloRoom, TimelineEventType } from '$lib/realtime/protocol';

/** Latest activity first. */
export function sortRooms(rooms: readonly Room[]): Room[] {
	const activity = (room: Room) => room.last_message?.created_at ?? room.created_at;
	// All times are UTC in one form: as texts they stand in their order.
	return [...rooms].sort((a, b) => {
		const [left, right] = [activity(a), activity(b)];
		return left === right ? 0 : left < right ? 1 : -1;
	});
}

/** A fetched room beside the one we hold: an answer overtaken by events does not undo them. */
export function mergeRoom(held: Room | undefined, fetched: Room): Room {
	if (!held || held.revision <= fetched.revision) return fetched;
	const { revision, last_message, unread_count, mention_count } = held;
	return { ...fetched, revision, last_message, unread_count, mention_count };
}

/** Whether events have said of a room what an answer that was on its way meanwhile does not know. */
export function isOvertaken(held: Room, fetched: Room): boolean {
	if (held.revision < fetched.revision) return false;
	return JSON.stringify(mergeRoom(held, fetched)) !== JSON.stringify(held);
}

/** What a `room_updated` event speaks of; all that is the viewer's own is null in it. */
function shared(room: Room) {
	const { name, slug, topic, visibility, history, slow_mode, avatar_url, is_active, pin_count } =
		room;
	const { participants, participant_count } = room;
	return {
		name,
		slug,
		topic,
		visibility,
		history,
		slow_mode,
		avatar_url,
		is_active,
		pin_count,
		participants,
		participant_count,
	};
}

/**
 * A `room_updated` event is the same for all members: our counts, our role and the revision we have
 * heard of stay as they are.
 */
export function applyRoomUpdated(held: Room, event: Room): Room {
	return { ...held, ...shared(event) };
}

/** True when the event shows no change: then it may be our own role that has changed. */
export function showsNoChange(held: Room, event: Room): boolean {
	return JSON.stringify(shared(held)) === JSON.stringify(shared(event));
}

/** True when numbers are missing between what the list knows and this change. */
export function isGap(room: Room, message: Message): boolean {
	return message.revision > room.revision + 1;
}

export function countsAsUnread(message: Message, myId: string): boolean {
	return message.sender.id !== myId && message.message_type !== 'system' && !message.is_deleted;
}

export function mentions(message: Message, myId: string): boolean {
	return message.mentions_room || message.mentions.includes(myId);
}

/** True when the past of the room has been hidden from us, by ourselves on some device. */
export function isCleared(held: Room | undefined, fetched: Room): boolean {
	if (!held?.last_message || fetched.last_message) return false;
	return fetched.revision >= held.revision;
}

/** What a timeline event does to the room's line in the list; a doubled one does nothing. */
export function applyToRoom(
	room: Room,
	type: TimelineEventType,
	message: Message,
	myId: string,
): Room {
	if (message.revision <= room.revision) return room;
	const next: Room = { ...room, revision: message.revision };
	if (type === 'message') {
		next.last_message = message;
		if (countsAsUnread(message, myId)) {
			next.unread_count = (room.unread_count ?? 0) + 1;
			if (mentions(message, myId)) next.mention_count = (room.mention_count ?? 0) + 1;
		}
	} else if (room.last_message?.id === message.id) {
		next.last_message = message;
	}
	return next;
}

/** True when the list must be fetched again: a room is missing, gone, or has moved on. */
export function listIsStale(rooms: readonly Room[], hello: readonly HelloRoom[]): boolean {
	const held = new Map(rooms.map((room) => [room.id, room.revision]));
	return (
		rooms.length !== hello.length || hello.some((room) => (held.get(room.id) ?? -1) < room.revision)
	);
}
