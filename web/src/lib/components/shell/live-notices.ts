import { noticeOf, noticeOfRequest } from '$lib/i18n/notices';
import { systemClock } from '$lib/realtime/clock';
import { BrowserNotifier } from '$lib/state/browser-notifier';
import type { Chat } from '$lib/state/chat.svelte';
import { chime } from '$lib/state/chime';
import type { NoticeTabs } from '$lib/state/notice-tabs';
import { Notices, type Notice } from '$lib/state/notices';
import { notificationSettings } from '$lib/state/notification-settings.svelte';

/** The notices, tied to the browser and to what is live. Loaded when there is something to tell for the first time. */
export function liveNotices(
	chat: Chat,
	tabs: NoticeTabs,
	open: (path: string) => void,
	say: (notice: Notice) => void,
): Notices {
	const my_id = chat.me.id;
	return new Notices({
		my_id,
		clock: systemClock,
		notifier: new BrowserNotifier(open),
		room: (id) => chat.rooms.get(id),
		chosen: () => notificationSettings.chosen,
		tabs,
		play: chime,
		say,
		ofMessage: (message, room, content) => noticeOf(message, room, my_id, content),
		ofRequest: noticeOfRequest,
	});
}
