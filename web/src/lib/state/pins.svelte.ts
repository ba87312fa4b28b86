import { SvelteMap } from 'svelte/reactivity';
import type { Message, PinnedMessage } from '$lib/api/types';
import type { ServerEvent } from '$lib/realtime/protocol';
import { renamePerson } from './rename-person';

interface Pinned {
	list: readonly PinnedMessage[];
	/** As the room says it: some may be hidden from us. */
	count: number;
	loaded: boolean;
	failure: unknown;
}

const nothing: Pinned = { list: [], count: 0, loaded: false, failure: null };

/** The pinned messages of the rooms that were looked at, the latest pin first. */
export class Pins {
	#rooms = new SvelteMap<string, Pinned>();
	#load: (room_id: string) => Promise<PinnedMessage[]>;
	/** The latest request of each room: answers to earlier ones are out of date. */
	#asked = new Map<string, number>();
	#turn = 0;

	constructor(load: (room_id: string) => Promise<PinnedMessage[]>) {
		this.#load = load;
	}

	of(room_id: string): Pinned {
		return this.#rooms.get(room_id) ?? nothing;
	}

	has(room_id: string, message_id: string): boolean {
		return this.of(room_id).list.some(({ id }) => id === message_id);
	}

	/** A room is looked at that has `count` of them. */
	async watch(room_id: string, count: number): Promise<void> {
		const held = this.#rooms.get(room_id);
		if (held?.loaded || this.#asked.has(room_id)) return;
		if (count === 0) this.#rooms.set(room_id, { ...nothing, loaded: true });
		else await this.refresh(room_id, count);
	}

	async refresh(room_id: string, count = this.of(room_id).count): Promise<void> {
		const turn = ++this.#turn;
		this.#asked.set(room_id, turn);
		this.#rooms.set(room_id, { ...this.of(room_id), count });
		const change = (over: Partial<Pinned>) => {
			if (this.#asked.get(room_id) !== turn) return;
			this.#rooms.set(room_id, { ...this.of(room_id), ...over });
			this.#asked.delete(room_id);
		};
		try {
			change({ list: await this.#load(room_id), loaded: true, failure: null });
		} catch (failure) {
			change({ failure });
		}
	}

	receive(event: ServerEvent): void {
		switch (event.type) {
			case 'room_updated':
			case 'room_added': {
				const { id, pin_count } = event.data;
				const held = this.#rooms.get(id);
				if (held && held.count !== pin_count) void this.refresh(id, pin_count);
				return;
			}
			case 'message_edited':
			case 'message_deleted':
			case 'reaction':
				return this.#changed(event.room_id, event.data);
			case 'profile_updated':
				for (const [id, held] of this.#rooms) {
					const list = held.list.map((pin) => renamePerson(pin, event.data));
					this.#rooms.set(id, { ...held, list });
				}
				return;
			case 'hello':
			case 'resync':
				for (const id of this.#rooms.keys()) void this.refresh(id);
		}
	}

	#changed(room_id: string, message: Message): void {
		const held = this.#rooms.get(room_id);
		if (!held?.list.some(({ id }) => id === message.id)) return;
		const list = held.list
			.map((pin) => (pin.id === message.id ? { ...pin, ...message } : pin))
			.filter(({ is_deleted }) => !is_deleted);
		this.#rooms.set(room_id, { ...held, list });
	}
}
