import type { Draft, FriendRequest, Message, Room, Sender, User } from '$lib/api/types';

/** What we say to the server over `/ws/`. */
export type Action =
	| {
			action: 'send_message';
			room_id: string;
			content: string;
			message_type: 'text';
			reply_to_id: string | null;
			attachment_ids: string[];
			client_id: string;
	  }
	| {
			action: 'react' | 'unreact';
			room_id: string;
			message_id: string;
			emoji: string;
			client_id: string;
	  }
	| { action: 'typing'; room_id: string; is_typing: boolean }
	| { action: 'mark_read'; room_id: string; message_ids: string[] }
	| { action: 'focus'; room_id: string | null }
	| { action: 'ping' };

export interface HelloRoom {
	id: string;
	revision: number;
	unread_count: number;
	mention_count: number;
}

export interface Hello {
	user: Sender;
	server_time: string;
	heartbeat_s: number;
	rooms: HelloRoom[];
}

export type TimelineEventType = 'message' | 'message_edited' | 'message_deleted' | 'reaction';

/** A message to which somebody has reacted, and how. Its `me` is nobody's: events are the same for all. */
export type Reacted = Message & { changed: { user_id: string; emoji: string; added: boolean } };

export type UserStatusAction = 'user_joined' | 'user_left' | 'user_online' | 'user_offline';

export interface ActionError {
	action: string | null;
	client_id: string | null;
	code: string;
	detail: string;
	/** The rejected members, and what is wrong with each. */
	errors: Record<string, string[]> | null;
	retry_after: number | null;
	/** When a mute or a ban ends. */
	until: string | null;
}

export interface ReadState {
	room_id: string;
	up_to: string | null;
	seq: number;
	unread_count: number;
	mention_count: number;
}

export interface Ack {
	client_id: string;
	id: string | null;
	revision: number | null;
	created_at: string;
}

/** What the server says to us. Types not listed here are ignored, so that a newer server may speak. */
export type ServerEvent =
	| { type: 'hello'; data: Hello }
	| { type: Exclude<TimelineEventType, 'reaction'>; room_id: string; data: Message }
	| { type: 'reaction'; room_id: string; data: Reacted }
	| {
			type: 'typing';
			room_id: string;
			data: { user_id: string; username: string; is_typing: boolean };
	  }
	| {
			type: 'messages_read';
			room_id: string;
			data: { user_id: string; up_to: string; seq: number; read_at: string };
	  }
	| {
			type: 'user_status';
			data: {
				action: UserStatusAction;
				user_id: string;
				username: string;
				last_seen: string | null;
			};
	  }
	| { type: 'ack'; data: Ack }
	| { type: 'error'; data: ActionError }
	| { type: 'room_added' | 'room_updated'; data: Room }
	| { type: 'room_removed'; data: { id: string } }
	| { type: 'read_state'; data: ReadState }
	| { type: 'friend_request'; data: FriendRequest }
	| { type: 'friendship'; data: User }
	| { type: 'draft'; data: Draft }
	| { type: 'profile_updated'; data: Sender }
	| { type: 'pong' }
	| { type: 'resync' };

/** Reads one frame; `null` for anything that is not an event. */
export function parseEvent(frame: unknown): ServerEvent | null {
	if (typeof frame !== 'string') return null;
	try {
		const value: unknown = JSON.parse(frame);
		if (typeof value !== 'object' || value === null || !('type' in value)) return null;
		return typeof value.type === 'string' ? (value as ServerEvent) : null;
	} catch {
		return null;
	}
}
