import type { Message, Room, Sender } from '$lib/api/types';

export const ana: Sender = {
	id: 'ana',
	username: 'ana',
	display_name: 'Ana',
	avatar_url: null,
	is_bot: false,
};
export const luis: Sender = {
	id: 'luis',
	username: 'luis',
	display_name: 'Luis',
	avatar_url: null,
	is_bot: false,
};

/** A message as made with revision `seq`; `over` says what is different. */
export function message(seq: number, over: Partial<Message> = {}): Message {
	return {
		id: `m${seq}`,
		room: 'room',
		seq,
		revision: seq,
		sender: ana,
		content: `text ${seq}`,
		content_html: `<p>text ${seq}</p>`,
		message_type: 'text',
		attachments: [],
		reactions: [],
		mentions: [],
		mentions_room: false,
		reply_to: null,
		reply_count: 0,
		client_id: null,
		created_at: new Date(seq * 1000).toISOString(),
		edited_at: null,
		is_edited: false,
		is_deleted: false,
		read_by_count: 0,
		system: null,
		...over,
	};
}

export function edited(seq: number, revision: number, content = `edit ${revision}`): Message {
	return message(seq, { revision, content, is_edited: true });
}

export function room(id: string, over: Partial<Room> = {}): Room {
	return {
		id,
		name: id,
		slug: id,
		topic: '',
		room_type: 'group',
		visibility: 'private',
		avatar_url: null,
		participants: [],
		created_by: null,
		history: 'all',
		slow_mode: 0,
		participant_count: 2,
		is_active: true,
		created_at: new Date(0).toISOString(),
		revision: 0,
		last_message: null,
		unread_count: 0,
		mention_count: 0,
		my_role: 'member',
		notify: 'all',
		muted_until: null,
		pinned: false,
		pin_count: 0,
		...over,
	};
}
