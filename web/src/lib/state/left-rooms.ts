import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import { t } from '$lib/i18n/i18n.svelte';
import type { Chat } from './chat.svelte';
import { forgetNamed, roomsBegun } from './forget-account';
import type { OutboxEntry } from './outbox';
import { ThreadDrafts } from './thread-drafts.svelte';
import { toasts } from './toasts.svelte';

/** What was begun in a room and not sent goes with it; the texts that were to be sent can still be copied, at its door. */
export function forgetBegun(chat: Chat, room_id: string): void {
	const here = chat.outbox.filter((entry) => entry.room_id === room_id);
	const gone = new Set(here.map(({ client_id }) => client_id));
	for (const { id, client_id } of chat.uploads.list) {
		if (client_id && gone.has(client_id)) chat.uploads.remove(id);
	}
	const said = ({ tried }: OutboxEntry) =>
		t(tried ? 'message.left_room.maybe' : 'message.left_room');
	// Said once: each start finds again what its author has not dealt with.
	const news = here.filter((entry) => entry.content.trim() && entry.error !== said(entry));
	for (const entry of here) {
		if (entry.content.trim()) chat.refuse(entry.client_id, said(entry));
		else chat.drop(entry.client_id);
	}
	const told = news.find(({ tried }) => !tried) ?? news[0];
	// No list shows that room any more.
	if (told) {
		toasts.show(said(told), {
			label: t('message.left_room.show'),
			run: () => void goto(resolve('/(app)/rooms/[id]', { id: room_id })),
		});
	}
	const texts = new ThreadDrafts(localStorage, chat.me.id, room_id).all();
	if (texts.length > 0) chat.leftTexts.set(room_id, texts);
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
