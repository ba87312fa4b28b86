import { problemText } from '$lib/i18n/problems';
import type { Chat } from '$lib/state/chat.svelte';
import { toasts } from '$lib/state/toasts.svelte';

/** Signs out; where that would lose what somebody has written, it asks first. */
export function signOut(chat: Chat): void {
	if (chat.unsent > 0) {
		chat.shell.overlay = 'sign-out';
		return;
	}
	import('$lib/state/leaving')
		.then((leaving) => leaving.signOut())
		.catch((error: unknown) => toasts.show(problemText(error)));
}
