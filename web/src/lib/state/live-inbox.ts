import * as api from '$lib/api/inbox';
import { i18n } from '$lib/i18n/i18n.svelte';
import type { Chat } from './chat.svelte';
import { Inbox } from './inbox.svelte';

/** The inbox, tied to the server and to what is live. */
export function liveInbox(chat: Chat): Inbox {
	return new Inbox({
		my_id: chat.me.id,
		api: {
			mentions: api.mentionsOfMe,
			replies: api.repliesToMe,
			firstUnread: api.firstUnreadIn,
		},
		rooms: chat.rooms,
		friends: chat.friends,
		listen: (handler) => chat.listen(handler),
		now: () => i18n.now,
	});
}
