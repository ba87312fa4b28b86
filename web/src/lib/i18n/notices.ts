import { resolve } from '$app/paths';
import type { FriendRequest, Message, Room } from '$lib/api/types';
import { messagePath } from '$lib/state/message-path';
import { personName, roomName } from '$lib/state/names';
import { tagOf, type Notice } from '$lib/state/notices';
import { mentions } from '$lib/state/room-list';
import { t } from './i18n.svelte';
import { cut, previewText } from './system';

/** A message as a notice tells of it; without `content` it says who has written, and where. */
export function noticeOf(message: Message, room: Room, my_id: string, content: boolean): Notice {
	return {
		tag: room.id,
		title: titleOf(message, room, my_id),
		body: content ? cut(previewText(message)) : t('notifications.message'),
		icon: message.sender.avatar_url,
		path: messagePath(room.id, message.id),
	};
}

function titleOf(message: Message, room: Room, my_id: string): string {
	const name = personName(message.sender);
	const called = mentions(message, my_id);
	if (room.room_type === 'direct') {
		return called ? t('notifications.mentioned', { name }) : name;
	}
	const where = { name, room: roomName(room, my_id) ?? t('room.unnamed') };
	return t(called ? 'notifications.mentioned_in' : 'notifications.in_room', where);
}

export function noticeOfRequest({ sender }: FriendRequest): Notice {
	return {
		tag: tagOf(sender.id),
		title: t('notifications.request'),
		body: t('notifications.request.text', { name: personName(sender) }),
		icon: sender.avatar_url,
		path: resolve('/(app)/inbox'),
	};
}
