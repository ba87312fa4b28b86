import { client, unwrap } from './client';
import type { Message } from './types';

const at = (id: string) => ({ params: { path: { id } } });

export function getMessage(id: string): Promise<Message> {
	return unwrap(client.GET('/api/v1/chat/messages/{id}/', at(id)));
}

export function editMessage(id: string, content: string): Promise<Message> {
	return unwrap(client.PATCH('/api/v1/chat/messages/{id}/', { ...at(id), body: { content } }));
}

export function deleteMessage(id: string): Promise<unknown> {
	return unwrap(client.DELETE('/api/v1/chat/messages/{id}/', at(id)));
}
