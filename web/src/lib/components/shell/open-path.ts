import { goto } from '$app/navigation';
import { jumpTo, targetOf } from '$lib/state/jump';
import { safeNext } from '$lib/state/next-path';

/** Goes where a notice leads: to a message also where its room is on the screen already. */
export async function openPath(path: string): Promise<void> {
	const url = new URL(safeNext(path, location.origin), location.origin);
	const room = /^\/rooms\/([^/]+)$/.exec(url.pathname)?.[1];
	const message = targetOf(url);
	if (room && message) return jumpTo(message, room);
	// eslint-disable-next-line svelte/no-navigation-without-resolve -- resolved by who made the notice
	await goto(url);
}
