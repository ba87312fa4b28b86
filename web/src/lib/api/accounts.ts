import { client, unwrap } from './client';
import type { Me } from './types';

export interface Registration {
	username: string;
	email: string;
	password: string;
}

export async function register(body: Registration): Promise<Me> {
	return (await unwrap(client.POST('/api/v1/auth/register/', { body }))).user;
}

export async function setUp(token: string, body: Registration): Promise<Me> {
	return (await unwrap(client.POST('/api/v1/auth/setup/', { body: { token, ...body } }))).user;
}

export async function logIn(username: string, password: string): Promise<Me> {
	const body = { username, password };
	return (await unwrap(client.POST('/api/v1/auth/login/', { body }))).user;
}

export function logOut(): Promise<unknown> {
	return unwrap(client.POST('/api/v1/auth/logout/'));
}
