import Bell from '@lucide/svelte/icons/bell';
import BellOff from '@lucide/svelte/icons/bell-off';
import CheckCheck from '@lucide/svelte/icons/check-check';
import Eraser from '@lucide/svelte/icons/eraser';
import LogOut from '@lucide/svelte/icons/log-out';
import Pin from '@lucide/svelte/icons/pin';
import PinOff from '@lucide/svelte/icons/pin-off';
import type { MenuItem } from '$lib/components/ui/Menu.svelte';
import type { Notify, Room } from '$lib/api/types';
import { i18n, t } from '$lib/i18n/i18n.svelte';
import type { Chat } from '$lib/state/chat.svelte';
import { mutedUntil, muteChoices } from '$lib/state/mute';
import { mayLeave } from '$lib/state/rights';
import { isMuted } from '$lib/state/room-sections';
import type { RoomQuestion } from './RoomConfirm.svelte';
import { choose, markRead } from './room-actions';

export const notifyLevels: readonly Notify[] = ['all', 'mentions', 'nothing'];

/** What one can do with a room from outside; `ask` has what cannot be undone confirmed. */
export function roomMenu(
	chat: Chat,
	room: Room,
	ask: (question: RoomQuestion) => void,
): MenuItem[] {
	const items: MenuItem[] = [
		room.pinned
			? { label: t('rooms.unpin'), Icon: PinOff, run: () => choose(chat, room, { pinned: false }) }
			: { label: t('rooms.pin'), Icon: Pin, run: () => choose(chat, room, { pinned: true }) },
		muteItem(chat, room),
		{
			label: t('rooms.notify'),
			Icon: Bell,
			items: notifyLevels.map((notify) => ({
				label: t(`rooms.notify.${notify}`),
				checked: room.notify === notify,
				run: () => choose(chat, room, { notify }),
			})),
		},
	];
	if (room.unread_count) {
		const run = () => markRead(chat, room);
		items.unshift({ label: t('rooms.mark_read'), Icon: CheckCheck, run });
	}
	items.push({ label: t('rooms.clear'), Icon: Eraser, apart: true, run: () => ask('clear') });
	if (mayLeave(room)) {
		const run = () => ask('leave');
		items.push({ label: t('room.leave'), Icon: LogOut, danger: true, run });
	}
	return items;
}

function muteItem(chat: Chat, room: Room): MenuItem {
	if (isMuted(room, i18n.now)) {
		const run = () => choose(chat, room, { muted_until: null });
		return { label: t('rooms.unmute'), Icon: Bell, run };
	}
	const items = muteChoices.map((choice) => ({
		label: t(`rooms.mute.${choice}`),
		run: () => choose(chat, room, { muted_until: mutedUntil(choice, new Date()) }),
	}));
	return { label: t('rooms.mute'), Icon: BellOff, items };
}
