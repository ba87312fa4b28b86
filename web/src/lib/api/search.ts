import { client, unwrap } from './client';
import type { FoundMessage, Page } from './types';

/** Messages that say what is sought, newest first, in one room or in all of the caller's. */
export function searchMessages(q: string, room: string | null): Promise<Page<FoundMessage>> {
	const query = { q, limit: 30, ...(room ? { room } : {}) };
	return unwrap(client.GET('/api/v1/chat/messages/search/', { params: { query } }));
}
