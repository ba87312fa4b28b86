import { client, everyPage, unwrap } from './client';
import type { FriendRequest, FriendRequestOutcome, User } from './types';

const at = (id: string) => ({ params: { path: { id } } });

export async function listFriends(): Promise<User[]> {
	const params = { query: { limit: 200 } };
	return everyPage<User>(await unwrap(client.GET('/api/v1/friends/', { params })));
}

/** The generator makes of an enum with a default a type that nothing has. */
type Direction = ('incoming' | 'outgoing') & Record<string, never>;

export async function listRequests(direction: 'incoming' | 'outgoing'): Promise<FriendRequest[]> {
	const params = { query: { direction: direction as Direction, limit: 200 } };
	return everyPage<FriendRequest>(
		await unwrap(client.GET('/api/v1/friends/requests/', { params })),
	);
}

export function askForFriendship(user_id: string): Promise<FriendRequestOutcome> {
	return unwrap(client.POST('/api/v1/friends/requests/', { body: { user_id } }));
}

export function acceptRequest(id: string): Promise<User> {
	return unwrap(client.POST('/api/v1/friends/requests/{id}/accept/', at(id)));
}

export function declineRequest(id: string): Promise<unknown> {
	return unwrap(client.POST('/api/v1/friends/requests/{id}/decline/', at(id)));
}

export function cancelRequest(id: string): Promise<unknown> {
	return unwrap(client.POST('/api/v1/friends/requests/{id}/cancel/', at(id)));
}

export function endFriendship(user_id: string): Promise<unknown> {
	return unwrap(client.DELETE('/api/v1/friends/{user_id}/', { params: { path: { user_id } } }));
}
