import type { Chat } from './chat.svelte';
import { forgetNamed, roomsBegun } from './forget-account';

/** What was begun in a room and not sent goes with it. */
export function forgetBegun(chat: Chat, room_id: string): void {
	for (const entry of chat.outbox) if (entry.room_id === room_id) chat.drop(entry.client_id);
	for (const upload of chat.uploads.of(room_id)) chat.uploads.remove(upload.id);
	forgetNamed(localStorage, chat.me.id, room_id);
}

/** The same for rooms that were left, or are no more, while nobody listened. */
export function forgetLeft(chat: Chat): void {
	if (!chat.rooms.loaded) return;
	const begun = chat.outbox.map(({ room_id }) => room_id);
	for (const id of [...begun, ...roomsBegun(localStorage, chat.me.id)]) {
		if (!chat.rooms.get(id)) chat.forgetRoom(id);
	}
}
