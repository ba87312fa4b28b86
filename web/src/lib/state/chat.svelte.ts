import { SvelteMap } from 'svelte/reactivity';
import * as draftsApi from '$lib/api/drafts';
import * as friendsApi from '$lib/api/friends';
import { getMessage } from '$lib/api/messages';
import { onlineStatus } from '$lib/api/people';
import type { Me, Message, Quote, Room } from '$lib/api/types';
import { uploadFile } from '$lib/api/uploads';
import { fileReason, lostFiles } from '$lib/i18n/uploads';
import { systemClock } from '$lib/realtime/clock';
import { Connection, type ConnectionState } from '$lib/realtime/connection';
import type {
	Action,
	Hello,
	ReadState,
	ServerEvent,
	TimelineEventType,
} from '$lib/realtime/protocol';
import { openSocket } from '$lib/realtime/socket';
import { Away } from './away.svelte';
import { browserLocks } from './browser-locks';
import { newClientId } from './client-id';
import { DraftSync } from './draft-sync';
import { Drafts } from './drafts.svelte';
import { FriendsState } from './friends.svelte';
import type { Inbox } from './inbox.svelte';
import type { KeptUploads } from './kept-uploads';
import { liveInbox } from './live-inbox';
import { followReplies, livePins, liveReactions, undoableDeletions } from './live-messages';
import { Outbox, type OutboxEntry } from './outbox';
import { outboxKey, outboxStorage, parseEntry } from './outbox-storage';
import { OutboxTabs } from './outbox-tabs';
import { previews } from './previews';
import { Presence } from './presence.svelte';
import { quoteOf } from './quote';
import { unreadAfter } from './read-marks';
import { isCleared } from './room-list';
import type { Place } from './room-sync';
import { isBack } from './reconnected';
import { RoomView } from './room-view.svelte';
import { Rooms } from './rooms.svelte';
import { session } from './session.svelte';
import { ShellState } from './shell.svelte';
import { SnapshotKeeper } from './snapshot-keeper';
import { TypingPeople, TypingSignal } from './typing.svelte';
import { Uploads, type Upload } from './uploads.svelte';

/** Rooms kept loaded; beyond that the ones longest not looked at are forgotten. */
const MAX_VIEWS = 12;
/** A list of rooms that could not be fetched is asked for again after this time. */
const ROOMS_RETRY_MS = 5_000;
/** An acknowledged message whose event is still missing after this time is asked for. */
const EVENT_GRACE_MS = 3_000;

type Listener = (event: ServerEvent) => void;

/** All that is live while somebody is signed in: the socket, and what its events change. */
export class Chat {
	readonly rooms: Rooms;
	readonly friends: FriendsState;
	readonly inbox: Inbox;
	readonly drafts: Drafts;
	readonly uploads: Uploads;
	readonly shell: ShellState;
	readonly presence = new Presence(onlineStatus);
	readonly away = new Away(systemClock, () => this.presence.clear());
	readonly typing = new TypingPeople(systemClock);
	connection = $state<ConnectionState>('connecting');
	outbox = $state.raw<readonly OutboxEntry[]>([]);
	/** Until when rooms wait because too much was sent, in milliseconds. */
	readonly slowed = new SvelteMap<string, number>();
	/** How often the past of a room has been forgotten: its page begins anew each time. */
	readonly beginnings = new SvelteMap<string, number>();
	/** What was begun in threads of rooms that we are no longer in. */
	readonly leftTexts = new SvelteMap<string, string[]>();

	#me: Me;
	#outbox: Outbox;
	#tabs: OutboxTabs;
	#draftSync: DraftSync;
	#connection: Connection;
	#views = new Map<string, RoomView>();
	#focused: string | null = null;
	#signal: TypingSignal;
	#greeted = false;
	#listeners = new Set<Listener>();
	#kept: SnapshotKeeper;
	#locks = browserLocks();
	#keeping: Promise<KeptUploads> | null = null;

	readonly reactions;
	readonly pins = livePins(this);
	readonly deletions;

	constructor(me: Me) {
		this.#me = me;
		this.friends = new FriendsState(friendsApi, (handler) => this.listen(handler));
		this.reactions = liveReactions(this);
		this.deletions = undoableDeletions(this);
		followReplies(this);
		this.rooms = new Rooms(
			me.id,
			() => this.#loadPresence(),
			() => systemClock.after(ROOMS_RETRY_MS, () => this.#loadRoomsAgain()),
		);
		this.inbox = liveInbox(this);
		this.drafts = new Drafts(localStorage, me.id);
		this.#kept = new SnapshotKeeper(me, () => this.me, this.rooms, systemClock);
		this.#draftSync = new DraftSync({
			drafts: this.drafts,
			clock: systemClock,
			api: {
				list: draftsApi.listDrafts,
				put: draftsApi.putDraft,
				remove: draftsApi.deleteDraft,
			},
			quote: async (room_id, id) => quoteOf(this.#held(room_id, id) ?? (await getMessage(id))),
		});
		this.uploads = new Uploads({
			transfer: uploadFile,
			clock: systemClock,
			storage: localStorage,
			user_id: me.id,
			newId: newClientId,
			limit: () => this.me.max_upload_size,
			unkept: !this.#locks,
			previews,
			onDone: (client_id, upload) => this.#uploaded(client_id, upload),
		});
		this.uploads.onChange = () => void this.#keep();
		this.shell = new ShellState(localStorage, me.id);
		this.#outbox = new Outbox({
			storage: outboxStorage(localStorage, me.id),
			clock: systemClock,
			newId: newClientId,
			send: (entry) => this.#sendMessage(entry),
			onChange: (entries) => this.#outboxChanged(entries),
			onCommitted: (entry) => this.#committed(entry),
			onPaused: (room_id, until) =>
				until ? this.slowed.set(room_id, until) : this.slowed.delete(room_id),
			leads: this.#locks === null,
		});
		this.outbox = this.#outbox.entries;
		this.#tabs = new OutboxTabs({
			outbox: this.#outbox,
			user_id: me.id,
			locks: this.#locks,
			clock: systemClock,
			adopt: async (entry) => !!(await (await this.#keep())?.adopt(entry)),
			lost: lostFiles,
		});
		this.#connection = new Connection({
			open: openSocket,
			clock: systemClock,
			random: Math.random,
			probe: (signal) => session.probe(signal),
			onEvent: (event) => {
				if (event.type === 'hello' && !this.#isOurs(event.data)) return;
				this.#receive(event);
				this.#kept.soon();
				this.#draftSync.receive(event);
				for (const listener of this.#listeners) listener(event);
			},
			onState: (state) => this.#connectionChanged(state),
		});
		this.#signal = new TypingSignal(systemClock, (room_id, is_typing) =>
			this.#connection.send({ action: 'typing', room_id, is_typing }),
		);
	}

	/** The account as it stands: it can be edited while it is signed in. */
	get me(): Me {
		return session.me ?? this.#me;
	}

	/** Connects; the function given back ends it all. */
	start(): () => void {
		const nudge = () => {
			if (document.visibilityState === 'visible') this.#connection.nudge();
		};
		const online = () => this.#connection.networkBack();
		const offline = () => {
			this.#connection.networkGone();
			this.away.disconnected(true);
		};
		const stored = ({ key, newValue }: StorageEvent) => {
			this.drafts.stored(key, newValue);
			this.uploads.stored(key, newValue);
			const client_id = outboxKey(key, this.me.id);
			if (client_id) this.#outbox.stored(client_id, parseEntry(newValue));
		};
		const hidden = () => {
			if (document.visibilityState !== 'hidden') return;
			if (this.#focused) this.leaveDraft(this.#focused);
			// A phone may let the page sleep, or end it without a word.
			if (matchMedia('(pointer: coarse)').matches) void this.deletions.flush();
		};
		addEventListener('online', online);
		addEventListener('offline', offline);
		addEventListener('storage', stored);
		const flush = () => this.deletions.flush();
		session.lastThings = flush;
		addEventListener('pagehide', flush);
		document.addEventListener('visibilitychange', nudge);
		void this.#kept.start(this.#views);
		const left = `charla.kept.${this.#me.id}.`;
		if (Object.keys(localStorage).some((key) => key.startsWith(left))) void this.#keep();
		document.addEventListener('visibilitychange', hidden);
		const endTabs = this.#tabs.start();
		void this.rooms.load();
		this.#connection.start();
		return () => {
			removeEventListener('online', online);
			removeEventListener('offline', offline);
			removeEventListener('storage', stored);
			removeEventListener('pagehide', flush);
			void flush();
			document.removeEventListener('visibilitychange', nudge);
			document.removeEventListener('visibilitychange', hidden);
			endTabs();
			this.#draftSync.stop();
			this.uploads.stop();
			this.uploads.onChange = () => undefined;
			void this.#keeping?.then((keeping) => keeping.stop());
			this.#connection.stop();
			this.away.stop();
			this.#outbox.disconnected();
			this.typing.clear();
			for (const view of this.#views.values()) view.stop();
			this.#kept.stop();
		};
	}

	/** Tells of every event, once the room list and the timelines have taken it in, until the function given back is called. */
	listen(listener: Listener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Hands an action to the socket; false when there is none. */
	act(action: Action): boolean {
		return this.#connection.send(action);
	}

	/** Tries again to connect, without waiting for the next attempt. */
	reconnect(): void {
		this.#connection.nudge();
	}

	/** Whether something is still to come of what shows first, in the room `id` or elsewhere. */
	busyWith(id?: string): boolean {
		if (this.connection !== 'open' || !this.rooms.loaded) return true;
		return !!id && this.rooms.get(id) !== undefined && !this.#views.get(id)?.fresh;
	}

	/** The view of a room that has been opened. */
	view(room_id: string): RoomView | undefined {
		return this.#views.get(room_id);
	}

	/** A message from an answer to our own call. */
	adopt(message: Message): void {
		this.#views.get(message.room)?.sync.adopt([message]);
	}

	/** The view of a room, loading it if it is new: at the message `place`, else where the unread ones begin. */
	open(room_id: string, place: Place = null): RoomView {
		const view = this.#views.get(room_id) ?? this.#newView(room_id);
		// Last opened, last in the map: what is forgotten first stands first.
		this.#views.delete(room_id);
		this.#views.set(room_id, view);
		for (const [id, old] of [...this.#views].slice(0, -MAX_VIEWS)) {
			old.stop();
			this.#views.delete(id);
		}
		void this.#load(view, place);
		return view;
	}

	focus(room_id: string | null): void {
		if (this.#focused === room_id) return;
		this.#signal.stop();
		this.#focused = room_id;
		this.typing.clear();
		this.#connection.send({ action: 'focus', room_id });
		if (room_id) this.rooms.lookedAt(room_id);
	}

	/** `place` names the composer whose files go with it. */
	send(room_id: string, content: string, reply_to: Quote | null, place?: string): void {
		this.#signal.stop();
		const client_id = newClientId();
		const files = place ? this.uploads.take(place, client_id) : [];
		if (files.some(({ attachment }) => !attachment)) this.#tabs.uploads(client_id);
		this.#outbox.add(room_id, content, reply_to, files, client_id);
	}

	/** The room, or its composer, has been left: its draft is told to other devices at once. */
	leaveDraft(room_id: string): void {
		this.#draftSync.flush(room_id);
	}

	retry(client_id: string): void {
		this.#outbox.retry(client_id);
	}

	/** It can no longer be sent; its author may still copy it. */
	refuse(client_id: string, error: string): void {
		this.#outbox.refuse(client_id, error);
	}

	drop(client_id: string): void {
		this.#outbox.drop(client_id);
	}

	typed(room_id: string): void {
		this.#signal.typed(room_id);
	}

	stoppedTyping(): void {
		this.#signal.stop();
	}

	/** `message` and all before it have been on screen. */
	markRead(view: RoomView, message: Message): void {
		const room = this.rooms.get(view.id);
		if (!room?.unread_count || message.seq <= view.markedSeq) return;
		const message_ids = [message.id];
		if (!this.#connection.send({ action: 'mark_read', room_id: view.id, message_ids })) return;
		view.markedSeq = message.seq;
		// Where not all that is unread is loaded, the server's answer says how much is left.
		if (view.timeline.hasNewer) return;
		const left = unreadAfter(view.timeline.messages, message.seq, this.me.id);
		this.rooms.setUnread(view.id, Math.min(left, room.unread_count));
	}

	forgetRoom(id: string): void {
		this.rooms.remove(id);
		this.drafts.forget(id);
		this.#kept.forget(id);
		this.#views.get(id)?.stop();
		this.#views.delete(id);
	}

	/** The past of a room is hidden from us by now, or is another one: what is held of it goes, and its page begins anew. */
	forgetPast(id: string): void {
		this.#kept.forget(id);
		this.#views.get(id)?.stop();
		this.#views.delete(id);
		this.beginnings.set(id, (this.beginnings.get(id) ?? 0) + 1);
	}

	async #load(view: RoomView, place: Place): Promise<void> {
		if (!view.loaded && !place) {
			await this.#kept.restore(view);
			// Who has read meanwhile raises no number that would tell.
			if (view.loaded) void view.refreshReads();
		}
		const unread = this.rooms.get(view.id)?.unread_count;
		await view.sync.load(place ?? (unread ? 'first_unread' : null));
		this.#kept.soon();
	}

	#newView(room_id: string): RoomView {
		const view = new RoomView(room_id, this.me.id, (messages) => {
			this.#found(messages);
			this.#outbox.settle(room_id, view.revision);
		});
		view.sync.onGoneBack = () => this.forgetPast(room_id);
		return view;
	}

	/** Somebody else's message may bear any `client_id`; only our own settle the outbox. */
	#found(messages: readonly Message[]): void {
		this.#outbox.seen(messages.filter(({ sender }) => sender.id === this.me.id));
	}

	#sendMessage(entry: OutboxEntry): boolean {
		return this.#connection.send({
			action: 'send_message',
			room_id: entry.room_id,
			content: entry.content,
			message_type: 'text',
			reply_to_id: entry.reply_to?.id ?? null,
			attachment_ids: entry.files.flatMap(({ attachment }) => attachment?.id ?? []),
			client_id: entry.client_id,
		});
	}

	#held(room_id: string, id: string): Message | undefined {
		return this.#views.get(room_id)?.timeline.messages.find((message) => message.id === id);
	}

	#outboxChanged(entries: readonly OutboxEntry[]): void {
		this.outbox = entries;
		this.uploads.keepFor(new Set(entries.map(({ client_id }) => client_id)));
		this.#tabs.changed(entries);
	}

	/**
	 * What keeps files over the end of their page, from the first one on. Without locks there is nothing: tabs would send what
	 * another one is sending.
	 */
	async #keep(): Promise<KeptUploads | null> {
		const locks = this.#locks;
		if (!locks) return null;
		try {
			return await (this.#keeping ??= import('./kept-uploads').then(({ keepUploads }) =>
				keepUploads({
					uploads: this.uploads,
					user_id: this.#me.id,
					locks,
					newId: newClientId,
					waits: (id) => this.outbox.some(({ client_id }) => client_id === id),
				}),
			));
		} catch (error) {
			console.warn('files not kept', error);
			this.#keeping = null;
			return null;
		}
	}

	#uploaded(client_id: string, upload: Upload): void {
		if (upload.attachment) this.#outbox.attach(client_id, upload.id, upload.attachment);
		else this.#outbox.refuse(client_id, fileReason(upload));
	}

	#committed(entry: OutboxEntry): void {
		const view = this.#views.get(entry.room_id);
		if (!view?.loaded || entry.revision === null) return this.#outbox.drop(entry.client_id);
		const { revision } = entry;
		this.#outbox.settle(view.id, view.revision);
		systemClock.after(EVENT_GRACE_MS, () => view.sync.noteRevision(revision));
	}

	#connectionChanged(state: ConnectionState): void {
		this.connection = state;
		if (state === 'open') return this.away.connected();
		// What was fetched before a first socket that failed may be out of date as well.
		if (state === 'waiting') this.#greeted = true;
		this.away.disconnected(!navigator.onLine);
		this.#outbox.disconnected();
		this.#draftSync.disconnected();
		this.typing.clear();
	}

	/** Without a socket, the next `hello` has them asked for. */
	#loadRoomsAgain(): void {
		if (this.connection === 'open') void this.rooms.load();
	}

	#loadPresence(): void {
		this.presence.load().catch((error: unknown) => console.warn('presence not loaded', error));
	}

	#receive(event: ServerEvent): void {
		switch (event.type) {
			case 'hello':
				isBack();
				return this.#hello(event.data);
			case 'message':
			case 'message_edited':
			case 'message_deleted':
			case 'reaction':
				return this.#timelineEvent(event.type, event.data);
			case 'ack':
				return this.#outbox.acknowledge(event.data);
			case 'error':
				return this.#outbox.reject(event.data);
			case 'typing': {
				const { user_id, username, is_typing } = event.data;
				if (event.room_id === this.#focused && user_id !== this.me.id) {
					this.typing.set(user_id, username, is_typing);
				}
				return;
			}
			case 'messages_read':
				if (event.data.user_id !== this.me.id) {
					this.#views.get(event.room_id)?.readBy(event.data.seq);
				}
				return;
			case 'user_status': {
				const { action, user_id, last_seen } = event.data;
				if (action === 'user_online' || action === 'user_offline') {
					this.presence.set(user_id, { is_online: action === 'user_online', last_seen });
				}
				return;
			}
			case 'friendship': {
				const { id, is_online, last_seen } = event.data;
				return this.presence.set(id, { is_online, last_seen });
			}
			case 'room_added':
				return this.#roomAdded(event.data);
			case 'room_updated':
				this.#outbox.resume(event.data.id);
				return this.rooms.updated(event.data, event.data.id === this.#focused);
			case 'room_removed':
				return this.forgetRoom(event.data.id);
			case 'read_state':
				return this.#readState(event.data);
			case 'profile_updated':
				session.profileUpdated(event.data);
				for (const { sync } of this.#views.values()) sync.rename(event.data);
				return this.rooms.rename(event.data);
			case 'resync':
				for (const view of this.#views.values()) void view.sync.resync();
				this.#loadPresence();
				return void this.rooms.load();
		}
	}

	#roomAdded(room: Room): void {
		const cleared = isCleared(this.rooms.get(room.id), room);
		this.rooms.put(room);
		if (cleared) return this.forgetPast(room.id);
		// Of what was cleared while nobody listened, the list may not know.
		void this.#views.get(room.id)?.sync.verify();
	}

	#readState({ room_id, unread_count, mention_count }: ReadState): void {
		this.rooms.setUnread(room_id, unread_count, mention_count);
	}

	/** The cookies may be somebody else's by now: nothing may go out in their name. */
	#isOurs({ user }: Hello): boolean {
		if (user.id === this.me.id) return true;
		this.#connection.stop();
		void session.load();
		return false;
	}

	#hello(hello: Hello): void {
		for (const { id, revision } of hello.rooms) this.#views.get(id)?.sync.greet(revision);
		void this.rooms.greet(hello.rooms, this.#greeted);
		this.#connection.send({ action: 'focus', room_id: this.#focused });
		this.#outbox.connected();
		this.uploads.connected();
		this.deletions.resume();
		const again = this.#greeted;
		this.#greeted = true;
		this.#loadPresence();
		if (!again) return;
		for (const view of this.#views.values()) {
			view.markedSeq = 0;
			view.sync.doubt();
			if (view.id !== this.#focused) continue;
			void view.sync.verify();
			void view.refreshReads();
		}
	}

	#timelineEvent(type: TimelineEventType, message: Message): void {
		const view = this.#views.get(message.room);
		this.rooms.receive(type, message);
		if (view) view.receive(message);
		else this.#found([message]);
		if (type !== 'message' || message.room !== this.#focused) return;
		// Who is removed types no more, either.
		for (const { id, username } of [message.sender, message.system?.user ?? message.sender])
			this.typing.set(id, username, false);
	}
}
