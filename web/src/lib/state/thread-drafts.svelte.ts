import { SvelteMap } from 'svelte/reactivity';
import { keep } from './keep.svelte';

const PREFIX = 'charla.thread.';

/** What the storage would not take, by its key: that outlives the panel at least. */
const unkept = new Map<string, string>();

/** What somebody began to write in the threads of a room. It outlives the page, on this device, for its author alone. */
export class ThreadDrafts {
	#storage: Storage;
	#prefix: string;
	/** What has been written on this page. */
	#written = new SvelteMap<string, string>();

	constructor(storage: Storage, user_id: string, room_id: string) {
		this.#storage = storage;
		this.#prefix = `${PREFIX}${user_id}.${room_id}.`;
	}

	of(message_id: string): string {
		return this.#written.get(message_id) ?? this.#stored(this.#prefix + message_id);
	}

	/** Those of all its threads. */
	all(): string[] {
		const keys = new Set([...Object.keys(this.#storage), ...unkept.keys()]);
		return [...keys].filter((key) => key.startsWith(this.#prefix)).map((key) => this.#stored(key));
	}

	set(message_id: string, text: string): void {
		this.#written.set(message_id, text);
		const key = this.#prefix + message_id;
		unkept.delete(key);
		if (!text.trim()) this.#storage.removeItem(key);
		else if (!keep(this.#storage, key, text)) unkept.set(key, text);
	}

	#stored(key: string): string {
		return unkept.get(key) ?? this.#storage.getItem(key) ?? '';
	}
}
