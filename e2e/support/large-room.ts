import type { Account, Room } from './account.ts';
import type { Window } from './window.ts';

interface Members {
	results: unknown[];
	next: string | null;
}

/** Makes a room of a few look like a large one: it names its first member alone, and lists one a page. */
export async function asLarge({ page }: Window, owner: Account, { id }: Room): Promise<void> {
	const path = `/api/v1/chat/rooms/${id}/members/`;
	const { results } = await owner.call<Members>('GET', path);
	await page.route(`**${path}?**`, (route) => {
		const at = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
		const next = at + 1 < results.length ? `${path}?cursor=${at + 1}` : null;
		return route.fulfill({ json: { results: [results[at]], next, previous: null } });
	});
	await page.route('**/api/v1/chat/rooms/?**', async (route) => {
		const response = await route.fetch();
		const list = (await response.json()) as { results: { participants: unknown[] }[] };
		for (const room of list.results) room.participants.splice(1);
		await route.fulfill({ response, json: list });
	});
	await page.reload();
}
