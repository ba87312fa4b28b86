// The contract's objects, as they come over the wire (sections 3 to 7).

export type Friendship = 'self' | 'none' | 'outgoing' | 'incoming' | 'friends' | 'blocked';
export type Role = 'owner' | 'admin' | 'member';
export type RoomType = 'direct' | 'group';
export type Visibility = 'private' | 'public';
export type MessageType = 'text' | 'image' | 'file' | 'system';

/** Somebody as others' objects quote them. */
export interface Sender {
	id: string;
	username: string;
	display_name: string;
	avatar_url: string | null;
}

export interface User extends Sender {
	bio: string;
	is_online: boolean;
	last_seen: string | null;
	friendship: Friendship;
}

export interface Me extends User {
	email: string | null;
	phone_number: string | null;
	language: string | null;
	is_staff: boolean;
	is_superuser: boolean;
	date_joined: string;
	settings: Record<string, unknown>;
}

export interface Quote {
	id: string;
	sender: Sender;
	content: string;
}

export type SystemEventName =
	| 'member_joined'
	| 'member_left'
	| 'member_added'
	| 'member_removed'
	| 'room_renamed'
	| 'room_closed'
	| 'owner_changed';

export interface SystemNote {
	event: SystemEventName;
	/** Whom it happened to, where that is not the sender. */
	user: Sender | null;
	name: string | null;
}

export interface Message {
	id: string;
	room: string;
	seq: number;
	revision: number;
	sender: Sender;
	content: string;
	content_html: string;
	message_type: MessageType;
	reply_to: Quote | null;
	reply_count: number;
	client_id: string | null;
	created_at: string;
	edited_at: string | null;
	is_edited: boolean;
	is_deleted: boolean;
	read_by_count: number;
	/** What happened, where `message_type` is `system`. */
	system: SystemNote | null;
}

export interface Room {
	id: string;
	name: string | null;
	slug: string;
	topic: string;
	room_type: RoomType;
	visibility: Visibility;
	avatar_url: string | null;
	/** At most the first 50. */
	participants: Sender[];
	participant_count: number;
	is_active: boolean;
	created_at: string;
	revision: number;
	last_message: Message | null;
	/** Null, like all that is the viewer's own, where the viewer is no member. */
	unread_count: number | null;
	mention_count: number | null;
	my_role: Role | null;
}

export interface Member {
	user: Sender;
	role: Role;
	joined_at: string;
	last_read_message_id: string | null;
	last_read_at: string | null;
}

export interface OnlineStatus {
	user: Sender;
	is_online: boolean;
	last_seen: string | null;
}

export interface Page<T> {
	results: T[];
	next: string | null;
	previous: string | null;
}

export interface MessagePage extends Page<Message> {
	revision: number;
}

export interface ChangesPage {
	results: Message[];
	revision: number;
	next: string | null;
}

export interface Problem {
	type: string;
	title: string;
	status: number;
	detail: string;
	code: string;
	errors?: Record<string, string[]>;
}
