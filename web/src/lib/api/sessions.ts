import { client, unwrap } from './client';
import type { Session } from './types';

/** The devices that are signed in, the latest used first: the server has all on one page. */
export async function listSessions(): Promise<Session[]> {
	return (await unwrap(client.GET('/api/v1/auth/sessions/'))).results;
}

export function endSession(id: string): Promise<unknown> {
	return unwrap(client.DELETE('/api/v1/auth/sessions/{id}/', { params: { path: { id } } }));
}
