import type { Message, Room } from '$lib/api/types';
import { countsAsUnread } from './room-list';

export interface ReadCursorsDeps {
	readonly my_id: string;
	readonly rooms: { readonly list: readonly Room[] };
	/** The `seq` of the first message of a room that we have not read. */
	firstUnread(room_id: string): Promise<number | null>;
}

/**
 * How far we have read in the rooms. Their list says only how much is left: the rest comes from events, or is asked for where
 * somebody wants to know.
 */
export class ReadCursors {
	#deps: ReadCursorsDeps;
	#upTo = $state.raw<ReadonlyMap<string, number>>(new Map());
	#asking = new Set<string>();

	constructor(deps: ReadCursorsDeps) {
		this.#deps = deps;
	}

	/** Not as long as it is not known how far we have read. */
	isUnread(message: Message, room: Room | undefined): boolean {
		const upTo = this.#upTo.get(message.room);
		return !!room?.unread_count && upTo !== undefined && message.seq > upTo;
	}

	/** Asks for those rooms of which it is not known. */
	want(room_ids: ReadonlySet<string>): void {
		for (const { id, unread_count } of this.#deps.rooms.list) {
			if (!unread_count || !room_ids.has(id) || this.#upTo.has(id)) continue;
			if (!this.#asking.has(id)) void this.#ask(id);
		}
	}

	read(room_id: string, seq: number): void {
		this.#upTo = new Map(this.#upTo).set(room_id, seq);
	}

	/** A new message, which the room counts already: the first unread one says how far we have read. */
	came(message: Message): void {
		if (this.#upTo.has(message.room) || !countsAsUnread(message, this.#deps.my_id)) return;
		const room = this.#deps.rooms.list.find(({ id }) => id === message.room);
		if (room?.unread_count === 1) this.read(room.id, message.seq - 1);
	}

	/** We may have read on elsewhere. */
	forget(): void {
		this.#upTo = new Map();
	}

	async #ask(room_id: string): Promise<void> {
		this.#asking.add(room_id);
		try {
			const first = await this.#deps.firstUnread(room_id);
			// What an event has said meanwhile is later.
			if (first !== null && !this.#upTo.has(room_id)) this.read(room_id, first - 1);
		} catch (error) {
			console.warn('not known how far was read', error);
		} finally {
			this.#asking.delete(room_id);
		}
	}
}
