import { client, follow, unwrap } from './client';
import { messagesOf } from './rooms';
import type { Message, Page } from './types';

/** Others' messages that mention us, newest first. */
export function mentionsOfMe(next: string | null): Promise<Page<Message>> {
	if (next) return follow(next);
	return unwrap(client.GET('/api/v1/chat/mentions/', { params: { query: { limit: 50 } } }));
}

/** Others' messages that answer ours, newest first. */
export function repliesToMe(next: string | null): Promise<Page<Message>> {
	if (next) return follow(next);
	return unwrap(client.GET('/api/v1/chat/replies/', { params: { query: { limit: 50 } } }));
}

/** The `seq` of the first message of a room that we have not read. */
export async function firstUnreadIn(room_id: string): Promise<number | null> {
	const { results } = await messagesOf(room_id, { around: 'first_unread', limit: 1 });
	return results[0]?.seq ?? null;
}
