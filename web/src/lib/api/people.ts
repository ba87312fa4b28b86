import { client, everyPage, unwrap } from './client';
import type { Block, Language, Me, OnlineStatus, UpdateMe, User } from './types';

const person = (id: string) => ({ params: { path: { id } } });

export function getMe(): Promise<Me> {
	return unwrap(client.GET('/api/v1/users/me/'));
}

export function updateMe(body: UpdateMe): Promise<Me> {
	return unwrap(client.PATCH('/api/v1/users/me/', { body }));
}

export function setLanguage(language: Language): Promise<Me> {
	return updateMe({ language });
}

export function setAvatar(picture: Blob): Promise<Me> {
	const body = new FormData();
	body.append('file', picture, 'avatar');
	return unwrap(
		client.PUT('/api/v1/users/me/avatar/', {
			body: body as unknown as { file: string },
			bodySerializer: () => body,
		}),
	);
}

export function removeAvatar(): Promise<unknown> {
	return unwrap(client.DELETE('/api/v1/users/me/avatar/'));
}

export function getPerson(id: string): Promise<User> {
	return unwrap(client.GET('/api/v1/users/{id}/', person(id)));
}

export async function findPeople(search: string): Promise<User[]> {
	const params = { query: { search, limit: 20 } };
	return (await unwrap(client.GET('/api/v1/users/', { params }))).results;
}

export async function onlineStatus(): Promise<OnlineStatus[]> {
	return (await unwrap(client.GET('/api/v1/chat/online-status/'))).results;
}

/** Of all that is refused to an account of no use, what costs the least. */
export function getMyStatus(signal: AbortSignal): Promise<unknown> {
	return unwrap(client.GET('/api/v1/chat/online-status/my_status/', { signal }));
}

export async function listBlocks(): Promise<Block[]> {
	const params = { query: { limit: 200 } };
	return everyPage<Block>(await unwrap(client.GET('/api/v1/blocks/', { params })));
}

export function block(user_id: string): Promise<Block> {
	return unwrap(client.POST('/api/v1/blocks/', { body: { user_id } }));
}

export function unblock(user_id: string): Promise<unknown> {
	return unwrap(client.DELETE('/api/v1/blocks/{user_id}/', { params: { path: { user_id } } }));
}
