import Copy from '@lucide/svelte/icons/copy';
import Eye from '@lucide/svelte/icons/eye';
import Flag from '@lucide/svelte/icons/flag';
import History from '@lucide/svelte/icons/history';
import Link from '@lucide/svelte/icons/link';
import MessageSquareText from '@lucide/svelte/icons/message-square-text';
import Pencil from '@lucide/svelte/icons/pencil';
import Pin from '@lucide/svelte/icons/pin';
import PinOff from '@lucide/svelte/icons/pin-off';
import Reply from '@lucide/svelte/icons/reply';
import SmilePlus from '@lucide/svelte/icons/smile-plus';
import Trash2 from '@lucide/svelte/icons/trash-2';
import { pinMessage, unpinMessage } from '$lib/api/messages';
import type { Message } from '$lib/api/types';
import type { MenuItem } from '$lib/components/ui/Menu.svelte';
import { t } from '$lib/i18n/i18n.svelte';
import { problemText } from '$lib/i18n/problems';
import type { Chat } from '$lib/state/chat.svelte';
import { copyText } from '$lib/state/clipboard';
import { stage, type MenuOf } from '$lib/state/message-stage.svelte';
import { messagePath } from '$lib/state/message-path';
import { isThreadOpen, openPanel } from '$lib/state/panel';
import { mayDelete, mayEdit, mayPin, mayReply } from '$lib/state/rights';
import { toasts } from '$lib/state/toasts.svelte';

/** All that one may do with a message; the server decides. */
export function messageItems(chat: Chat, menu: MenuOf): MenuItem[] {
	const { room, message } = menu;
	const { me } = chat;
	const pinned = chat.pins.has(room.id, message.id);
	const dialog = (kind: 'reads' | 'history' | 'reactors' | 'report') => () =>
		(stage.dialog = { kind, room, message });
	const link = () => new URL(messagePath(room.id, message.id), location.origin).href;
	const offered: (MenuItem | false)[] = [
		mayReply(room, message) && {
			label: t('message.reply'),
			Icon: Reply,
			run: () => menu.onreply(message),
		},
		!isThreadOpen(message.id) && {
			label: t('thread.open'),
			Icon: MessageSquareText,
			run: () => void openPanel('thread', message.id),
		},
		mayEdit(room, message, me) && {
			label: t('message.edit'),
			Icon: Pencil,
			run: () => menu.onedit(message),
		},
		message.content !== '' && {
			label: t('message.copy'),
			Icon: Copy,
			run: () => void copy(message.content, t('message.copied')),
			apart: true,
		},
		{
			label: t('message.copy_link'),
			Icon: Link,
			run: () => void copy(link(), t('message.link_copied')),
		},
		mayPin(room, message) && {
			label: t(pinned ? 'message.unpin' : 'message.pin'),
			Icon: pinned ? PinOff : Pin,
			run: () => void setPinned(chat, message, !pinned),
		},
		message.reactions.length > 0 && {
			label: t('reaction.title'),
			Icon: SmilePlus,
			run: dialog('reactors'),
			apart: true,
		},
		message.sender.id === me.id && {
			label: t('message.reads'),
			Icon: Eye,
			run: dialog('reads'),
		},
		message.is_edited && {
			label: t('message.history'),
			Icon: History,
			run: dialog('history'),
		},
		message.sender.id !== me.id && {
			label: t('report.open'),
			Icon: Flag,
			run: dialog('report'),
			apart: true,
		},
		mayDelete(room, message, me) && {
			label: t('message.delete'),
			Icon: Trash2,
			run: () => menu.ondelete(message),
			danger: true,
			apart: true,
		},
	];
	return offered.filter((item) => item !== false);
}

async function copy(text: string, done: string): Promise<void> {
	try {
		await copyText(text);
		toasts.show(done);
	} catch {
		toasts.show(t('message.not_copied'));
	}
}

export async function setPinned(chat: Chat, message: Message, pinned: boolean): Promise<void> {
	try {
		await (pinned ? pinMessage(message) : unpinMessage(message));
		await chat.pins.refresh(message.room);
	} catch (error) {
		toasts.show(problemText(error));
	}
}
