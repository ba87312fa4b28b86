import { client, follow, unwrap } from './client';
import type { Draft, Page } from './types';

const at = (id: string) => ({ params: { path: { id } } });

export async function listDrafts(): Promise<Draft[]> {
	const params = { query: { limit: 200 } };
	let page: Page<Draft> = await unwrap(client.GET('/api/v1/chat/drafts/', { params }));
	const drafts = [...page.results];
	while (page.next) {
		page = await follow<Page<Draft>>(page.next);
		drafts.push(...page.results);
	}
	return drafts;
}

export function putDraft(id: string, content: string, reply_to_id: string | null): Promise<Draft> {
	const body = { content, reply_to_id };
	return unwrap(client.PUT('/api/v1/chat/rooms/{id}/draft/', { ...at(id), body }));
}

export function deleteDraft(id: string): Promise<unknown> {
	return unwrap(client.DELETE('/api/v1/chat/rooms/{id}/draft/', at(id)));
}
