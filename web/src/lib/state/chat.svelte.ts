import { onlineStatus } from '$lib/api/people';
import type { Me, Message, Quote } from '$lib/api/types';
import { systemClock } from '$lib/realtime/clock';
import { Connection, type ConnectionState } from '$lib/realtime/connection';
import type { Hello, ServerEvent, TimelineEventType } from '$lib/realtime/protocol';
import { openSocket } from '$lib/realtime/socket';
import { Away } from './away.svelte';
import { newClientId } from './client-id';
import { Drafts } from './drafts.svelte';
import { Outbox, type OutboxEntry } from './outbox';
import { outboxKey, outboxStorage } from './outbox-storage';
import { Presence } from './presence.svelte';
import { unreadAfter } from './read-marks';
import { RoomView } from './room-view.svelte';
import { Rooms } from './rooms.svelte';
import { session } from './session.svelte';
import { TypingPeople, TypingSignal } from './typing.svelte';

/** Rooms kept loaded; beyond that the ones longest not looked at are forgotten. */
const MAX_VIEWS = 12;
/** An acknowledged message whose event is still missing after this time is asked for. */
const EVENT_GRACE_MS = 3_000;

/** All that is live while somebody is signed in: the socket, and what its events change. */
export class Chat {
	readonly me: Me;
	readonly rooms: Rooms;
	readonly drafts: Drafts;
	readonly presence = new Presence(onlineStatus);
	readonly away = new Away(systemClock, () => this.presence.clear());
	readonly typing = new TypingPeople(systemClock);
	connection = $state<ConnectionState>('connecting');
	/** The newest message for the screen reader. */
	heard = $state.raw<Message | null>(null);
	outbox = $state.raw<readonly OutboxEntry[]>([]);

	#outbox: Outbox;
	#connection: Connection;
	#views = new Map<string, RoomView>();
	#focused: string | null = null;
	#signal: TypingSignal;
	#greeted = false;

	constructor(me: Me) {
		this.me = me;
		this.rooms = new Rooms(me.id, () => this.#loadPresence());
		this.drafts = new Drafts(localStorage, me.id);
		this.#outbox = new Outbox({
			storage: outboxStorage(localStorage, me.id),
			clock: systemClock,
			newId: newClientId,
			send: (entry) => this.#sendMessage(entry),
			onChange: (entries) => (this.outbox = entries),
			onCommitted: (entry) => this.#committed(entry),
		});
		this.outbox = this.#outbox.entries;
		this.#connection = new Connection({
			open: openSocket,
			clock: systemClock,
			random: Math.random,
			probe: () => session.probe(),
			onEvent: (event) => this.#receive(event),
			onState: (state) => this.#connectionChanged(state),
		});
		this.#signal = new TypingSignal(systemClock, (room_id, is_typing) =>
			this.#connection.send({ action: 'typing', room_id, is_typing }),
		);
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
			const client_id = outboxKey(key, this.me.id);
			if (client_id && newValue === null) this.#outbox.drop(client_id);
		};
		addEventListener('online', online);
		addEventListener('offline', offline);
		addEventListener('storage', stored);
		document.addEventListener('visibilitychange', nudge);
		void this.rooms.load();
		this.#connection.start();
		return () => {
			removeEventListener('online', online);
			removeEventListener('offline', offline);
			removeEventListener('storage', stored);
			document.removeEventListener('visibilitychange', nudge);
			this.#connection.stop();
			this.away.stop();
			this.#outbox.disconnected();
			this.typing.clear();
			for (const view of this.#views.values()) view.sync.stop();
		};
	}

	/** The view of a room, loading it if it is new. Null puts no room on screen. */
	open(room_id: string): RoomView {
		const view = this.#views.get(room_id) ?? this.#newView(room_id);
		// Last opened, last in the map: what is forgotten first stands first.
		this.#views.delete(room_id);
		this.#views.set(room_id, view);
		for (const [id, old] of [...this.#views].slice(0, -MAX_VIEWS)) {
			old.sync.stop();
			this.#views.delete(id);
		}
		void view.sync.load();
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

	send(room_id: string, content: string, reply_to: Quote | null): void {
		this.#signal.stop();
		this.#outbox.add(room_id, content, reply_to);
	}

	retry(client_id: string): void {
		this.#outbox.retry(client_id);
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
		const left = unreadAfter(view.timeline.messages, message.seq, this.me.id);
		this.rooms.setUnread(view.id, left);
	}

	forgetRoom(id: string): void {
		this.rooms.remove(id);
		this.drafts.remove(id);
		this.#views.get(id)?.sync.stop();
		this.#views.delete(id);
	}

	#newView(room_id: string): RoomView {
		const view = new RoomView(room_id, this.me.id, (messages) => {
			this.#found(messages);
			this.#outbox.settle(room_id, view.sync.revision);
		});
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
			client_id: entry.client_id,
		});
	}

	#committed(entry: OutboxEntry): void {
		const view = this.#views.get(entry.room_id);
		if (!view?.loaded || entry.revision === null) return this.#outbox.drop(entry.client_id);
		const { revision } = entry;
		this.#outbox.settle(view.id, view.sync.revision);
		systemClock.after(EVENT_GRACE_MS, () => view.sync.noteRevision(revision));
	}

	#connectionChanged(state: ConnectionState): void {
		this.connection = state;
		if (state === 'open') return this.away.connected();
		this.away.disconnected(!navigator.onLine);
		this.#outbox.disconnected();
		this.typing.clear();
	}

	#loadPresence(): void {
		this.presence.load().catch((error: unknown) => console.warn('presence not loaded', error));
	}

	#receive(event: ServerEvent): void {
		switch (event.type) {
			case 'hello':
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
			case 'room_added':
				return this.rooms.put(event.data);
			case 'room_updated':
				return this.rooms.updated(event.data, event.data.id === this.#focused);
			case 'room_removed':
				return this.forgetRoom(event.data.id);
			case 'read_state':
				return this.rooms.setUnread(event.data.room_id, event.data.unread_count);
			case 'profile_updated':
				return this.rooms.rename(event.data);
			case 'resync':
				for (const view of this.#views.values()) void view.sync.resync();
				this.#loadPresence();
				return void this.rooms.load();
		}
	}

	#hello(hello: Hello): void {
		// The cookies are somebody else's by now: nothing may go out in their name.
		if (hello.user.id !== this.me.id) {
			this.#connection.stop();
			return void session.load();
		}
		for (const { id, revision } of hello.rooms) this.#views.get(id)?.sync.noteRevision(revision);
		void this.rooms.greet(hello.rooms, this.#greeted);
		this.#connection.send({ action: 'focus', room_id: this.#focused });
		this.#outbox.connected();
		const again = this.#greeted;
		this.#greeted = true;
		this.#loadPresence();
		if (!again) return;
		for (const view of this.#views.values()) {
			view.markedSeq = 0;
			if (view.id === this.#focused) void view.refreshReads();
		}
	}

	#timelineEvent(type: TimelineEventType, message: Message): void {
		const view = this.#views.get(message.room);
		this.rooms.receive(type, message);
		if (view) view.sync.receive(message);
		else this.#found([message]);
		if (type !== 'message' || message.room !== this.#focused) return;
		this.typing.set(message.sender.id, message.sender.username, false);
		this.heard = message;
	}
}
