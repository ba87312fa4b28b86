import { client, unwrap } from './client';
import type { Language, Me, OnlineStatus, User } from './types';

export function getMe(): Promise<Me> {
	return unwrap(client.GET('/api/v1/users/me/'));
}

export function setLanguage(language: Language): Promise<Me> {
	return unwrap(client.PATCH('/api/v1/users/me/', { body: { language } }));
}

export async function findPeople(search: string): Promise<User[]> {
	const params = { query: { search, limit: 20 } };
	return (await unwrap(client.GET('/api/v1/users/', { params }))).results;
}

export async function onlineStatus(): Promise<OnlineStatus[]> {
	return (await unwrap(client.GET('/api/v1/chat/online-status/'))).results;
}
