import { client, follow, unwrap } from './client';
import { messagesOf } from './rooms';
import type { Message, Page } from './types';

/** Others' messages that mention us, newest first. */
export function mentionsOfMe(next: string | null): Promise<Page<Message>> {
	if (next) return follow(next);
	return unwrap(client.GET('/api/v1/chat/mentions/', { params: { query: { limit: 50 } } }));
}

/** The messages of all our rooms, newest first. */
export function recentMessages(next: string | null, limit: number): Promise<Page<Message>> {
	if (next) return follow(next);
	return unwrap(client.GET('/api/v1/chat/messages/', { params: { query: { limit } } }));
}

/** The `seq` of the first message of a room that we have not read. */
export async function firstUnreadIn(room_id: string): Promise<number | null> {
	const { results } = await messagesOf(room_id, { around: 'first_unread', limit: 1 });
	return results[0]?.seq ?? null;
}
