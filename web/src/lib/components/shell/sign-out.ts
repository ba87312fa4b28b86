import type { Chat } from '$lib/state/chat.svelte';
import { keepsOnlyHere } from '$lib/state/forget-account';
import { signOut as leave } from '$lib/state/leaving';

/** Signs out; where that would lose what somebody has written, it asks first. */
export async function signOut({
	connection,
	drafts,
	me,
	outbox,
	shell,
	uploads,
}: Chat): Promise<void> {
	const untold = connection !== 'open' && drafts.unsent.length > 0;
	const begun = uploads.list.some(({ status }) => status !== 'refused');
	const onlyHere = untold || begun || keepsOnlyHere(localStorage, me.id);
	if (onlyHere || outbox.some(({ status }) => status !== 'committed')) shell.overlay = 'sign-out';
	else await leave();
}
