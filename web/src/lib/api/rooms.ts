import { client, everyPage, unwrap } from './client';
import type {
	ChangesPage,
	Invite,
	Member,
	MessagePage,
	Page,
	Preferences,
	Role,
	Room,
	RoomChanges,
	Visibility,
} from './types';

const at = (id: string) => ({ params: { path: { id } } });

/** All of them: the list is sorted and counted here. */
export async function listRooms(): Promise<Room[]> {
	const params = { query: { limit: 200 } };
	return everyPage<Room>(await unwrap(client.GET('/api/v1/chat/rooms/', { params })));
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

export function updateRoom(id: string, body: RoomChanges): Promise<Room> {
	return unwrap(client.PATCH('/api/v1/chat/rooms/{id}/', { ...at(id), body }));
}

/** It can be read from then on, and nothing else. */
export function closeRoom(id: string): Promise<unknown> {
	return unwrap(client.DELETE('/api/v1/chat/rooms/{id}/', at(id)));
}

export function setRoomAvatar(id: string, picture: Blob): Promise<Room> {
	const bodySerializer = () => {
		const form = new FormData();
		form.append('file', picture, 'avatar');
		return form;
	};
	const body = { file: 'avatar' };
	return unwrap(client.PUT('/api/v1/chat/rooms/{id}/avatar/', { ...at(id), body, bodySerializer }));
}

export function removeRoomAvatar(id: string): Promise<unknown> {
	return unwrap(client.DELETE('/api/v1/chat/rooms/{id}/avatar/', at(id)));
}

export function updatePreferences(id: string, body: Preferences): Promise<unknown> {
	return unwrap(client.PATCH('/api/v1/chat/rooms/{id}/preferences/', { ...at(id), body }));
}

export function markAllRead(id: string): Promise<unknown> {
	return unwrap(client.POST('/api/v1/chat/rooms/{id}/mark_all_read/', at(id)));
}

export function clearHistory(id: string): Promise<unknown> {
	return unwrap(client.POST('/api/v1/chat/rooms/{id}/clear_history/', at(id)));
}

export function membersOf(id: string, limit = 100): Promise<Page<Member>> {
	const params = { path: { id }, query: { limit } };
	return unwrap(client.GET('/api/v1/chat/rooms/{id}/members/', { params }));
}

/** All of them: a room itself names its first 50 alone, and no call looks for one of them. */
export async function listMembers(id: string): Promise<Member[]> {
	return everyPage(await membersOf(id, 200));
}

export function changeRole(id: string, user_id: string, role: Role): Promise<Member> {
	const params = { path: { id, user_id } };
	const body = { role };
	return unwrap(client.PATCH('/api/v1/chat/rooms/{id}/members/{user_id}/', { params, body }));
}

export function removeMember(id: string, user_id: string): Promise<unknown> {
	const params = { path: { id, user_id } };
	return unwrap(client.DELETE('/api/v1/chat/rooms/{id}/members/{user_id}/', { params }));
}

export function invitesOf(id: string): Promise<Page<Invite>> {
	const params = { path: { id }, query: { limit: 100 } };
	return unwrap(client.GET('/api/v1/chat/rooms/{id}/invites/', { params }));
}

export interface NewInvite {
	expires_at: string | null;
	max_uses: number | null;
}

export function createInvite(id: string, body: NewInvite): Promise<Invite> {
	return unwrap(client.POST('/api/v1/chat/rooms/{id}/invites/', { ...at(id), body }));
}

export function withdrawInvite(id: string, code: string): Promise<unknown> {
	const params = { path: { id, code } };
	return unwrap(client.DELETE('/api/v1/chat/rooms/{id}/invites/{code}/', { params }));
}

/** Answers those who were not there before. */
export async function addMembers(id: string, user_ids: string[]): Promise<Member[]> {
	const request = { ...at(id), body: { user_ids } };
	return (await unwrap(client.POST('/api/v1/chat/rooms/{id}/members/', request))).results;
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
