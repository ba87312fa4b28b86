import type { FriendRequest, Message, Room } from '$lib/api/types';
import type { Clock } from '$lib/realtime/clock';
import type { ServerEvent } from '$lib/realtime/protocol';
import type { NotificationChoices } from './notification-settings.svelte';
import { countsAsUnread, mentions } from './room-list';
import { isMuted } from './room-sections';

/** What the system shows. */
export interface Notice {
	/** A later one of the same tag takes its place. */
	readonly tag: string;
	readonly title: string;
	readonly body: string;
	readonly icon: string | null;
	/** Where it leads to. */
	readonly path: string;
}

export interface Notifier {
	show(notice: Notice): Promise<void>;
	close(tag: string): Promise<void>;
	/** Nothing is shown any more. */
	closeAll(): Promise<void>;
}

export interface NoticesDeps {
	readonly my_id: string;
	readonly clock: Clock;
	readonly notifier: Notifier;
	room(id: string): Room | undefined;
	chosen(): NotificationChoices;
	/** What the tabs have settled. */
	readonly tabs: { readonly leads: boolean; isLookedAt(room_id: string): Promise<boolean> };
	play(): void;
	/** For who listens to the page: what is meant for them and not in sight. */
	say(notice: Notice): void;
	/** Puts what has happened into words. */
	ofMessage(message: Message, room: Room, content: boolean): Notice;
	ofRequest(request: FriendRequest): Notice;
}

/** Whether somebody wants to be told of a message at all. */
export function isWorthTelling(message: Message, room: Room, my_id: string, now: Date): boolean {
	if (!countsAsUnread(message, my_id) || isMuted(room, now)) return false;
	if (room.notify === 'nothing') return false;
	return room.notify !== 'mentions' || mentions(message, my_id);
}

/** Many messages at once make one sound. */
const SOUND_PAUSE_MS = 1_500;

/** Tells of what happens where nobody looks: by a notice of the system, and by a sound. */
export class Notices {
	#deps: NoticesDeps;
	#soundAt = -Infinity;
	/** Of which message the notice of a room tells. */
	#told = new Map<string, string>();
	#stopped = false;

	constructor(deps: NoticesDeps) {
		this.#deps = deps;
	}

	async receive(event: ServerEvent): Promise<void> {
		if (this.#stopped) return;
		const { notifier } = this.#deps;
		switch (event.type) {
			case 'message':
				return this.#message(event.data);
			case 'message_deleted':
				if (this.#told.get(event.data.room) !== event.data.id) return;
				return this.#close(event.data.room);
			case 'friend_request':
				return this.#request(event.data);
			case 'friendship':
				return notifier.close(tagOf(event.data.id));
			case 'read_state':
				if (event.data.unread_count > 0) return;
				return this.#close(event.data.room_id);
			case 'room_removed':
				return this.#close(event.data.id);
		}
	}

	/** Nothing is left behind of who has signed out. */
	stop(): void {
		this.#stopped = true;
		this.#told.clear();
		void this.#deps.notifier.closeAll();
	}

	async #message(message: Message): Promise<void> {
		const { clock, my_id, notifier, tabs } = this.#deps;
		const room = this.#deps.room(message.room);
		if (!room || !tabs.leads) return;
		if (!isWorthTelling(message, room, my_id, new Date(clock.now()))) return;
		const seen = await tabs.isLookedAt(room.id);
		if (this.#stopped) return;
		const { content, desktop, sound, sound_here } = this.#deps.chosen();
		if (sound && (!seen || sound_here)) this.#play();
		if (seen) return;
		const notice = this.#deps.ofMessage(message, room, content);
		if (room.room_type === 'direct' || mentions(message, my_id)) this.#deps.say(notice);
		if (!desktop) return;
		this.#told.set(room.id, message.id);
		await notifier.show(notice);
		// Read elsewhere before it could be shown.
		if (!this.#told.has(room.id)) await notifier.close(room.id);
	}

	async #request(request: FriendRequest): Promise<void> {
		const { my_id, notifier, tabs } = this.#deps;
		if (request.sender.id === my_id || !tabs.leads) return;
		const { desktop, sound } = this.#deps.chosen();
		if (sound) this.#play();
		if (!desktop) return;
		const notice = this.#deps.ofRequest(request);
		await notifier.show(notice);
		if (this.#stopped) await notifier.close(notice.tag);
	}

	#close(room_id: string): Promise<void> {
		this.#told.delete(room_id);
		return this.#deps.notifier.close(room_id);
	}

	#play(): void {
		const now = this.#deps.clock.now();
		if (now - this.#soundAt < SOUND_PAUSE_MS) return;
		this.#soundAt = now;
		this.#deps.play();
	}
}

/** That of a friend request: of a room it is the room's id. */
export const tagOf = (user_id: string) => `friend.${user_id}`;
