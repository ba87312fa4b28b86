import { client, follow, unwrap } from './client';
import type { ChangesPage, Member, MessagePage, Page, Room, Visibility } from './types';

const at = (id: string) => ({ params: { path: { id } } });

/** All of them: the list is sorted and counted here. */
export async function listRooms(): Promise<Room[]> {
	const params = { query: { limit: 200 } };
	let page: Page<Room> = await unwrap(client.GET('/api/v1/chat/rooms/', { params }));
	const rooms = [...page.results];
	while (page.next) {
		page = await follow<Page<Room>>(page.next);
		rooms.push(...page.results);
	}
	return rooms;
}

export function getRoom(id: string): Promise<Room> {
	return unwrap(client.GET('/api/v1/chat/rooms/{id}/', at(id)));
}

export function publicRooms(search: string): Promise<Page<Room>> {
	return unwrap(client.GET('/api/v1/chat/rooms/public/', { params: { query: { search } } }));
}

export interface NewGroup {
	name: string;
	topic: string;
	visibility: Visibility;
	participants: string[];
}

export function createGroup(group: NewGroup): Promise<Room> {
	return unwrap(client.POST('/api/v1/chat/rooms/', { body: { room_type: 'group', ...group } }));
}

export function directChat(user_id: string): Promise<Room> {
	return unwrap(client.POST('/api/v1/chat/rooms/direct_chat/', { body: { user_id } }));
}

export function joinRoom(id: string): Promise<Room> {
	return unwrap(client.POST('/api/v1/chat/rooms/{id}/join/', at(id)));
}

export function leaveRoom(id: string): Promise<unknown> {
	return unwrap(client.POST('/api/v1/chat/rooms/{id}/leave/', at(id)));
}

/** As many as one page holds; larger rooms show their count beside it. */
export async function listMembers(id: string): Promise<Member[]> {
	const params = { path: { id }, query: { limit: 200 } };
	return (await unwrap(client.GET('/api/v1/chat/rooms/{id}/members/', { params }))).results;
}

export function addMembers(id: string, user_ids: string[]): Promise<unknown> {
	return unwrap(client.POST('/api/v1/chat/rooms/{id}/members/', { ...at(id), body: { user_ids } }));
}

export interface TimelinePlace {
	before?: string;
	after?: string;
	/** A message's id, or `first_unread`. */
	around?: string;
	limit?: number;
}

export function messagesOf(id: string, query: TimelinePlace = {}): Promise<MessagePage> {
	const params = { path: { id }, query: { limit: 50, ...query } };
	return unwrap(client.GET('/api/v1/chat/rooms/{id}/messages/', { params }));
}

export function changesOf(id: string, since: number, limit = 200): Promise<ChangesPage> {
	const params = { path: { id }, query: { since, limit } };
	return unwrap(client.GET('/api/v1/chat/rooms/{id}/changes/', { params }));
}
