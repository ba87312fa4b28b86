import { markAllRead, updatePreferences } from '$lib/api/rooms';
import type { Preferences, Room } from '$lib/api/types';
import { problemText } from '$lib/i18n/problems';
import type { Chat } from '$lib/state/chat.svelte';
import { toasts } from '$lib/state/toasts.svelte';

/** Changes the viewer's own choices: at once, and back again where the server refuses. */
export async function choose(chat: Chat, room: Room, choices: Preferences): Promise<void> {
	const names = Object.keys(choices) as (keyof Preferences)[];
	chat.rooms.choose(room.id, choices as Partial<Room>);
	try {
		await updatePreferences(room.id, choices);
	} catch (error) {
		const held = chat.rooms.get(room.id);
		// What has been chosen otherwise meanwhile stands.
		const refused = names.filter((name) => held?.[name] === choices[name]);
		chat.rooms.choose(room.id, Object.fromEntries(refused.map((name) => [name, room[name]])));
		toasts.show(problemText(error));
	}
}

export async function markRead(chat: Chat, room: Room): Promise<void> {
	if (!room.unread_count) return;
	chat.rooms.setUnread(room.id, 0);
	try {
		await markAllRead(room.id);
	} catch (error) {
		chat.rooms.setUnread(room.id, room.unread_count, room.mention_count ?? 0);
		toasts.show(problemText(error));
	}
}
