import type { Chat } from '$lib/state/chat.svelte';
import { signOut as leave } from '$lib/state/leaving';

/** Signs out; where that would lose what somebody has written, it asks first. */
export async function signOut({ connection, drafts, outbox, shell }: Chat): Promise<void> {
	const onlyHere = connection !== 'open' && drafts.unsent.length > 0;
	if (onlyHere || outbox.some(({ status }) => status !== 'committed')) shell.overlay = 'sign-out';
	else await leave();
}
