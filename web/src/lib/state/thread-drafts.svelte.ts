import { SvelteMap } from 'svelte/reactivity';

const PREFIX = 'charla.thread.';

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
		return this.#written.get(message_id) ?? this.#storage.getItem(this.#prefix + message_id) ?? '';
	}

	/** Those of all its threads. */
	all(): string[] {
		const keys = Object.keys(this.#storage).filter((key) => key.startsWith(this.#prefix));
		return keys.map((key) => this.#storage.getItem(key) ?? '');
	}

	set(message_id: string, text: string): void {
		this.#written.set(message_id, text);
		if (!text.trim()) return this.#storage.removeItem(this.#prefix + message_id);
		try {
			this.#storage.setItem(this.#prefix + message_id, text);
		} catch (error) {
			console.warn('draft not stored', error);
		}
	}
}
