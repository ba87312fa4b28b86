import type { Chat } from './chat.svelte';
import { forgetNamed, roomsBegun } from './forget-account';

/** What was begun in a room and not sent goes with it. */
export function forgetBegun(chat: Chat, room_id: string): void {
	for (const entry of chat.outbox) if (entry.room_id === room_id) chat.drop(entry.client_id);
	// Those of its threads, too.
	for (const { id, place } of chat.uploads.list)
		if (place.startsWith(room_id)) chat.uploads.remove(id);
	forgetNamed(localStorage, chat.me.id, room_id);
}

/** Follows what becomes of rooms, those that were left or closed while nobody listened among them. */
export function followLeft(chat: Chat): void {
	chat.listen((event) => event.type === 'room_removed' && forgetBegun(chat, event.data.id));
	forgetLeft(chat);
}

function forgetLeft(chat: Chat): void {
	if (!chat.rooms.loaded) return;
	const begun = chat.outbox.map(({ room_id }) => room_id);
	for (const id of [...begun, ...roomsBegun(localStorage, chat.me.id)]) {
		if (chat.rooms.get(id)) continue;
		chat.forgetRoom(id);
		forgetBegun(chat, id);
	}
}
