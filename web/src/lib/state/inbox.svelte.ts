import type { FriendRequest, Message, Page, Room, Sender } from '$lib/api/types';
import type { HelloRoom, ServerEvent } from '$lib/realtime/protocol';
import { waitingIn } from './badge';
import { ReadCursors } from './read-cursors.svelte';
import { renamePerson } from './rename-person';
import { countsAsUnread, mentions } from './room-list';
import { isMuted } from './room-sections';
import { later } from './timeline';

export interface InboxApi {
	mentions(next: string | null): Promise<Page<Message>>;
	replies(next: string | null): Promise<Page<Message>>;
	firstUnread(room_id: string): Promise<number | null>;
}

export interface InboxDeps {
	readonly my_id: string;
	readonly api: InboxApi;
	readonly rooms: { readonly list: readonly Room[]; readonly loaded: boolean };
	readonly friends: { readonly incoming: readonly FriendRequest[] };
	listen(handler: (event: ServerEvent) => void): unknown;
	now(): Date;
}

interface Item {
	readonly id: string;
	readonly at: string;
	readonly unread: boolean;
}
export type InboxMessage = Item & { readonly kind: 'mention' | 'reply'; readonly message: Message };
export type InboxRequest = Item & { readonly kind: 'request'; readonly request: FriendRequest };
export type InboxItem = InboxMessage | InboxRequest;

/**
 * What is addressed to us: mentions, replies and friend requests. It keeps nothing of its own: what is unread here follows from
 * how far we have read in the rooms, and so is the same on every device.
 */
export class Inbox {
	loaded = $state(false);
	failed = $state(false);
	busy = $state(false);
	moreFailed = $state(false);

	#deps: InboxDeps;
	#cursors: ReadCursors;
	#messages = $state.raw<readonly Message[]>([]);
	#nextMentions = $state<string | null>(null);
	#nextReplies = $state<string | null>(null);
	#loading: Promise<void> | null = null;
	#opened = false;
	/** Something may have happened since the answers on their way were asked for. */
	#stale = false;
	/** What events have said while they were on their way: that is later. */
	#told = new Map<string, Message>();
	/** How often it has begun anew. */
	#turn = 0;

	constructor(deps: InboxDeps) {
		this.#deps = deps;
		const { my_id, api, rooms } = deps;
		this.#cursors = new ReadCursors({ my_id, rooms, firstUnread: (id) => api.firstUnread(id) });
		deps.listen((event) => this.#receive(event));
	}

	/** The newest first. */
	readonly items = $derived.by((): readonly InboxItem[] => {
		const { rooms, friends } = this.#deps;
		const known = new Map(rooms.list.map((room) => [room.id, room]));
		const messages = this.#messages
			.filter(({ room }) => known.has(room) || !rooms.loaded)
			.map((message): InboxMessage => {
				const kind = this.#mentionsMe(message) ? 'mention' : 'reply';
				const unread = this.#cursors.isUnread(message, known.get(message.room));
				return { kind, id: message.id, at: message.created_at, unread, message };
			});
		const requests = friends.incoming.map((request): InboxRequest => {
			return { kind: 'request', id: request.id, at: request.created_at, unread: true, request };
		});
		return [...messages, ...requests].sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1));
	});

	/** What waits in it; rooms that are muted do not count. */
	readonly count = $derived.by(() => {
		const { rooms, friends, now } = this.#deps;
		const muted = new Set(rooms.list.filter((room) => isMuted(room, now())).map(({ id }) => id));
		const replies = this.items.filter(
			(item) => item.kind === 'reply' && item.unread && !muted.has(item.message.room),
		);
		return waitingIn(rooms.list, now()).mentions + replies.length + friends.incoming.length;
	});

	readonly hasMore = $derived.by(() => this.#nextMentions !== null || this.#nextReplies !== null);

	/** Somebody looks into it. */
	load(): Promise<void> {
		this.#opened = true;
		this.#stale = true;
		this.#loading ??= this.#begin().finally(() => (this.#loading = null));
		return this.#loading;
	}

	/** Goes further back. */
	async more(): Promise<void> {
		if (this.busy) return;
		this.busy = true;
		this.moreFailed = false;
		try {
			// Where it begins anew meanwhile, what was fetched is gone.
			let turn: number;
			do {
				await this.#loading;
				turn = this.#turn;
				await Promise.all([this.#moreMentions(), this.#moreReplies()]);
			} while (turn !== this.#turn || this.#loading);
		} catch (error) {
			this.moreFailed = true;
			console.warn('inbox not loaded further', error);
		} finally {
			this.busy = false;
		}
	}

	/** Has asked how far we have read, where that decides on something here. */
	settle(): void {
		this.#cursors.want(new Set(this.#messages.map(({ room }) => room)));
	}

	async #begin(): Promise<void> {
		const { api } = this.#deps;
		try {
			while (this.#stale) {
				this.#stale = false;
				this.#told.clear();
				const [mentions, replies] = await Promise.all([api.mentions(null), api.replies(null)]);
				this.#turn++;
				this.#messages = [];
				this.#tookMentions(mentions);
				this.#tookReplies(replies);
				for (const message of this.#told.values()) this.#changed(message);
			}
			this.loaded = true;
			this.failed = false;
		} catch (error) {
			this.failed = true;
			console.warn('inbox not loaded', error);
		}
	}

	async #moreMentions(): Promise<void> {
		const turn = this.#turn;
		if (!this.#nextMentions) return;
		const page = await this.#deps.api.mentions(this.#nextMentions);
		if (turn === this.#turn) this.#tookMentions(page);
	}

	async #moreReplies(): Promise<void> {
		const turn = this.#turn;
		if (!this.#nextReplies) return;
		const page = await this.#deps.api.replies(this.#nextReplies);
		if (turn === this.#turn) this.#tookReplies(page);
	}

	#tookMentions({ results, next }: Page<Message>): void {
		this.#take(results);
		this.#nextMentions = next;
	}

	#tookReplies({ results, next }: Page<Message>): void {
		this.#take(results);
		this.#nextReplies = next;
	}

	/** So that unread replies count before the inbox is opened, as far as they are on the first page. */
	async #glance(rooms: readonly HelloRoom[]): Promise<void> {
		const unread = rooms.reduce((sum, { unread_count }) => sum + unread_count, 0);
		if (unread === 0) return;
		try {
			const { results } = await this.#deps.api.replies(null);
			if (!this.#opened) this.#take(results);
		} catch (error) {
			console.warn('replies not looked for', error);
		}
	}

	#receive(event: ServerEvent): void {
		switch (event.type) {
			case 'hello':
				this.#cursors.forget();
				if (this.#opened) return void this.load();
				this.#messages = [];
				return void this.#glance(event.data.rooms);
			case 'resync':
				this.#cursors.forget();
				return void (this.#opened && this.load());
			case 'message':
				this.#cursors.came(event.data);
				return this.#changed(event.data);
			case 'message_edited':
			case 'message_deleted':
			case 'reaction':
				return this.#changed(event.data);
			case 'read_state':
				return this.#cursors.read(event.data.room_id, event.data.seq);
			case 'room_added':
				// Nothing is left of it: its history has been cleared.
				if (!event.data.last_message) this.#drop(({ room }) => room === event.data.id);
				return;
			case 'profile_updated':
				return this.#renamed(event.data);
		}
	}

	#changed(message: Message): void {
		if (this.#loading) this.#told.set(message.id, message);
		if (this.#concerns(message)) this.#take([message]);
		else if (this.#messages.some(({ id }) => id === message.id)) {
			this.#drop(({ id }) => id === message.id);
		}
	}

	#renamed(profile: Sender): void {
		this.#messages = this.#messages.map((message) => renamePerson(message, profile));
	}

	#concerns(message: Message): boolean {
		const { my_id } = this.#deps;
		if (!countsAsUnread(message, my_id)) return false;
		return this.#mentionsMe(message) || message.reply_to?.sender.id === my_id;
	}

	#mentionsMe(message: Message): boolean {
		return mentions(message, this.#deps.my_id);
	}

	#take(messages: readonly Message[]): void {
		if (messages.length === 0) return;
		const byId = new Map(this.#messages.map((message) => [message.id, message]));
		for (const message of messages) byId.set(message.id, later(byId.get(message.id), message));
		this.#messages = [...byId.values()];
	}

	#drop(which: (message: Message) => boolean): void {
		this.#messages = this.#messages.filter((message) => !which(message));
	}
}
