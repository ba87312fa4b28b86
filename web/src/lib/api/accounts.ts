import { client, unwrap } from './client';
import type { Me, RegistrationPolicy } from './types';

export interface Registration {
	username: string;
	email: string;
	password: string;
	/** The code of an invite, of a room or of the server. */
	invite?: string | null;
}

/** Who may make an account here. */
export function getRegistrationPolicy(): Promise<RegistrationPolicy> {
	return unwrap(client.GET('/api/v1/auth/register/'));
}

export async function register(body: Registration): Promise<Me> {
	return (await unwrap(client.POST('/api/v1/auth/register/', { body }))).user;
}

export async function setUp(token: string, registration: Registration): Promise<Me> {
	const { username, email, password } = registration;
	const body = { token, username, email, password };
	return (await unwrap(client.POST('/api/v1/auth/setup/', { body }))).user;
}

export async function logIn(username: string, password: string): Promise<Me> {
	const body = { username, password };
	return (await unwrap(client.POST('/api/v1/auth/login/', { body }))).user;
}

/** A server that does not answer is not waited for. */
export function logOut(): Promise<unknown> {
	const signal = AbortSignal.timeout(5_000);
	return unwrap(client.POST('/api/v1/auth/logout/', { signal }));
}

export function changePassword(old_password: string, new_password: string): Promise<unknown> {
	const body = { old_password, new_password };
	return unwrap(client.POST('/api/v1/auth/password/change/', { body }));
}

/** Asks for a link by mail; the answer is the same whether the address is anybody's or not. */
export function requestReset(email: string): Promise<unknown> {
	return unwrap(client.POST('/api/v1/auth/password/reset/', { body: { email } }));
}

export function confirmReset(token: string, new_password: string): Promise<unknown> {
	const body = { token, new_password };
	return unwrap(client.POST('/api/v1/auth/password/reset/confirm/', { body }));
}

export function verifyEmail(token: string): Promise<unknown> {
	return unwrap(client.POST('/api/v1/auth/email/verify/', { body: { token } }));
}

export function sendVerification(): Promise<unknown> {
	return unwrap(client.POST('/api/v1/auth/email/verify/send/'));
}

export function deleteAccount(password: string): Promise<unknown> {
	return unwrap(client.DELETE('/api/v1/users/me/', { body: { password } }));
}
