import { getRoom, listRooms } from '$lib/api/rooms';
import type { Message, Room, Sender } from '$lib/api/types';
import type { HelloRoom, TimelineEventType } from '$lib/realtime/protocol';
import {
	applyRoomUpdated,
	applyToRoom,
	isGap,
	isOvertaken,
	listIsStale,
	mergeRoom,
	showsNoChange,
	sortRooms,
} from './room-list';
import { renamePerson } from './rename-person';

/** The user's rooms, latest activity first. */
export class Rooms {
	list = $state.raw<readonly Room[]>([]);
	loaded = $state(false);
	failed = $state(false);

	#myId: string;
	#onNewDirect: () => void;
	#onFailed: () => void;
	#loading: Promise<void> | null = null;
	/** The list as it was when it was asked for: what differs by now came in by events. */
	#asked = new Set<Room>();
	/** Whether the answer on its way may hold a room that is gone by now. */
	#stale = false;
	/** Rooms being fetched again; one request each is enough. */
	#fetching = new Set<string>();
	/** Rooms where our own part may have changed; asked for when they are looked at. */
	#doubtful = new Set<string>();

	/**
	 * `onNewDirect`: a chat with somebody has begun, whose presence we may see from now on.
	 * `onFailed`: the list could not be fetched, and what we hold may be out of date.
	 */
	constructor(myId: string, onNewDirect: () => void, onFailed: () => void) {
		this.#myId = myId;
		this.#onNewDirect = onNewDirect;
		this.#onFailed = onFailed;
	}

	/** Known to be without any. */
	get none(): boolean {
		return this.loaded && this.list.length === 0;
	}

	get(id: string): Room | undefined {
		return this.list.find((room) => room.id === id);
	}

	/** Begins with the list as it was, until the server has answered. */
	restore(rooms: readonly Room[]): void {
		if (this.loaded || this.list.length > 0) return;
		this.list = sortRooms(rooms);
		this.#asked = new Set(rooms);
	}

	load(): Promise<void> {
		this.#loading ??= this.#fetchList().finally(() => (this.#loading = null));
		return this.#loading;
	}

	/**
	 * What `hello` says: our unread counts, and whether the list we hold is out of date. After a
	 * pause it is fetched in any case: closing or renaming a room raises no number that would tell.
	 */
	async greet(hello: readonly HelloRoom[], afterPause: boolean): Promise<void> {
		await this.#loading;
		const unread = new Map(hello.map((room) => [room.id, room]));
		this.list = this.list.map((room) => {
			const said = unread.get(room.id);
			// Events that came after `hello` have counted further already; those that it is ahead by are still to come, or the list is.
			return said?.revision === room.revision
				? { ...room, unread_count: said.unread_count, mention_count: said.mention_count }
				: room;
		});
		if (afterPause || !this.loaded || listIsStale(this.list, hello)) await this.load();
	}

	put(room: Room): void {
		this.#put(mergeRoom(this.get(room.id), room));
	}

	remove(id: string): void {
		this.#stale = true;
		this.list = this.list.filter((room) => room.id !== id);
	}

	/** A `room_updated` event. Only who looks at the room asks for more: it may have many members. */
	updated(event: Room, onScreen: boolean): void {
		const held = this.get(event.id);
		if (!held) return void this.refresh(event.id);
		if (showsNoChange(held, event)) this.#doubtful.add(event.id);
		this.#update(event.id, (room) => applyRoomUpdated(room, event));
		if (onScreen) this.lookedAt(event.id);
	}

	lookedAt(id: string): void {
		if (this.#doubtful.delete(id)) void this.refresh(id);
	}

	rename(person: Sender): void {
		this.list = this.list.map((room) => renamePerson(room, person));
	}

	/** Without a count of the mentions among them, there are at most as many. */
	setUnread(id: string, unread_count: number, mention_count?: number): void {
		this.#update(id, (room) => ({
			...room,
			unread_count,
			mention_count: mention_count ?? Math.min(room.mention_count ?? 0, unread_count),
		}));
	}

	/** Changes what is the viewer's own in a room; the server says the same a moment later. */
	choose(id: string, choices: Partial<Pick<Room, 'notify' | 'muted_until' | 'pinned'>>): void {
		this.#update(id, (room) => ({ ...room, ...choices }));
	}

	receive(type: TimelineEventType, message: Message): void {
		const room = this.get(message.room);
		if (!room) return void this.refresh(message.room);
		// Deleting may take an unread message away, which cannot be counted from here.
		const uncertain =
			isGap(room, message) || (type === 'message_deleted' && room.unread_count !== 0);
		this.#update(room.id, (held) => applyToRoom(held, type, message, this.#myId));
		this.list = sortRooms(this.list);
		if (uncertain) void this.refresh(room.id);
	}

	/** Fetches one room again. A failure leaves what we have: the next `hello` compares anyway. */
	async refresh(id: string): Promise<void> {
		if (this.#fetching.has(id)) return;
		this.#fetching.add(id);
		const before = this.get(id);
		let again = false;
		try {
			const room = await getRoom(id);
			const held = this.get(id);
			again = held !== before && (!held || isOvertaken(held, room));
			if (!again && room.my_role) this.#put(held === before ? room : mergeRoom(held, room));
			else if (!again) this.remove(id);
		} catch (error) {
			console.warn('room not refreshed', error);
		} finally {
			this.#fetching.delete(id);
		}
		if (again) await this.refresh(id);
	}

	async #fetchList(): Promise<void> {
		try {
			let fetched: Room[];
			do {
				this.#stale = false;
				this.#asked = new Set(this.list);
				fetched = await listRooms();
			} while (this.#stale);
			this.#take(fetched);
			this.loaded = true;
			this.failed = false;
		} catch (error) {
			this.failed = !this.loaded;
			console.warn('rooms not loaded', error);
			this.#onFailed();
		}
	}

	/**
	 * What came in while the list was on its way holds, and is asked for once more. To all else the answer comes later, even
	 * with a lower number: the server may have gone back to a backup.
	 */
	#take(fetched: readonly Room[]): void {
		const rooms = new Map(
			fetched.map((room) => {
				const held = this.get(room.id);
				return [room.id, held && this.#asked.has(held) ? room : mergeRoom(held, room)];
			}),
		);
		for (const held of this.list.filter((room) => !this.#asked.has(room))) {
			const room = fetched.find(({ id }) => id === held.id);
			if (room && !isOvertaken(held, room)) continue;
			rooms.set(held.id, held);
			void this.refresh(held.id);
		}
		this.list = sortRooms([...rooms.values()]);
	}

	#put(room: Room): void {
		const others = this.list.filter(({ id }) => id !== room.id);
		const isNew = others.length === this.list.length;
		this.list = sortRooms([...others, room]);
		if (isNew && room.room_type === 'direct') this.#onNewDirect();
	}

	#update(id: string, change: (room: Room) => Room): void {
		this.list = this.list.map((room) => (room.id === id ? change(room) : room));
	}
}
