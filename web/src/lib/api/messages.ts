import { client, follow, unwrap } from './client';
import type {
	FoundMessage,
	Message,
	MessageRead,
	MessageVersion,
	Page,
	PinnedMessage,
} from './types';

const at = (id: string) => ({ params: { path: { id } } });
const pageOf = (id: string) => ({ params: { path: { id }, query: { limit: 200 } } });

export function getMessage(id: string): Promise<Message> {
	return unwrap(client.GET('/api/v1/chat/messages/{id}/', at(id)));
}

export function editMessage(id: string, content: string): Promise<Message> {
	return unwrap(client.PATCH('/api/v1/chat/messages/{id}/', { ...at(id), body: { content } }));
}

/** Carried out also where the page is left meanwhile. */
export function deleteMessage(id: string): Promise<unknown> {
	const request = { ...at(id), keepalive: true };
	return unwrap(client.DELETE('/api/v1/chat/messages/{id}/', request));
}

export function react(id: string, emoji: string): Promise<Message> {
	const params = { path: { id, emoji } };
	return unwrap(client.PUT('/api/v1/chat/messages/{id}/reactions/{emoji}/', { params }));
}

export function unreact(id: string, emoji: string): Promise<unknown> {
	const params = { path: { id, emoji } };
	return unwrap(client.DELETE('/api/v1/chat/messages/{id}/reactions/{emoji}/', { params }));
}

/** All the messages that answer one, oldest first. */
export function repliesTo(id: string): Promise<Message[]> {
	return all(unwrap(client.GET('/api/v1/chat/messages/{id}/replies/', pageOf(id))));
}

/** Who has read a message, the first reader first. */
export function readsOf(id: string): Promise<MessageRead[]> {
	return all(unwrap(client.GET('/api/v1/chat/messages/{id}/reads/', pageOf(id))));
}

/** What a message said before its edits, oldest first. */
export function historyOf(id: string): Promise<MessageVersion[]> {
	return all(unwrap(client.GET('/api/v1/chat/messages/{id}/history/', pageOf(id))));
}

/** A room has at most 100 of them: one page. */
export async function pinsOf(room_id: string): Promise<PinnedMessage[]> {
	return (await unwrap(client.GET('/api/v1/chat/rooms/{id}/pins/', pageOf(room_id)))).results;
}

export function pinMessage({ id: message_id, room }: Message): Promise<unknown> {
	return unwrap(
		client.POST('/api/v1/chat/rooms/{id}/pins/', { ...at(room), body: { message_id } }),
	);
}

export function unpinMessage({ id: message_id, room: id }: Message): Promise<unknown> {
	const params = { path: { id, message_id } };
	return unwrap(client.DELETE('/api/v1/chat/rooms/{id}/pins/{message_id}/', { params }));
}

export type Has = 'image' | 'file' | 'link';

/** A room's messages with something in them, newest first; `next` leads on. */
export function messagesWith(
	room: string,
	has: Has,
	next: string | null,
): Promise<Page<FoundMessage>> {
	if (next) return follow(next);
	const params = { query: { room, has, limit: 50 } };
	return unwrap(client.GET('/api/v1/chat/messages/search/', { params }));
}

async function all<T>(first: Promise<Page<T>>): Promise<T[]> {
	let page = await first;
	const results = [...page.results];
	while (page.next) {
		page = await follow<Page<T>>(page.next);
		results.push(...page.results);
	}
	return results;
}
