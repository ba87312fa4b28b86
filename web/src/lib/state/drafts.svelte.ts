import { SvelteMap } from 'svelte/reactivity';
import type { Quote } from '$lib/api/types';

/** What somebody began to write in a room, and what it answers. */
export interface Draft {
	readonly text: string;
	readonly reply_to: Quote | null;
}

export const noDraft: Draft = { text: '', reply_to: null };

const PREFIX = 'charla.draft.';
const prefixOf = (user_id: string) => `${PREFIX}${user_id}.`;

/** The unsent text of each room. It outlives the page, in a key a room, for its author alone. */
export class Drafts {
	#rooms = new SvelteMap<string, Draft>();
	#storage: Storage;
	#prefix: string;

	constructor(storage: Storage, user_id: string) {
		this.#storage = storage;
		this.#prefix = prefixOf(user_id);
		for (const key of Object.keys(storage)) this.#read(key, storage.getItem(key));
	}

	of(room_id: string): Draft {
		return this.#rooms.get(room_id) ?? noDraft;
	}

	set(room_id: string, draft: Draft): void {
		if (!draft.text.trim() && !draft.reply_to) return this.remove(room_id);
		this.#rooms.set(room_id, draft);
		try {
			this.#storage.setItem(this.#prefix + room_id, JSON.stringify(draft));
		} catch (error) {
			console.warn('draft not stored', error);
		}
	}

	remove(room_id: string): void {
		this.#rooms.delete(room_id);
		this.#storage.removeItem(this.#prefix + room_id);
	}

	/** Another tab has written a key. */
	stored(key: string | null, value: string | null): void {
		if (key) this.#read(key, value);
	}

	#read(key: string, value: string | null): void {
		if (!key.startsWith(this.#prefix)) return;
		const room_id = key.slice(this.#prefix.length);
		const draft = parse(value);
		if (draft) this.#rooms.set(room_id, draft);
		else this.#rooms.delete(room_id);
	}
}

/** Who signs out leaves nothing unsent behind. */
export function forgetDrafts(storage: Storage, user_id: string): void {
	for (const key of Object.keys(storage)) {
		if (key.startsWith(prefixOf(user_id))) storage.removeItem(key);
	}
}

function parse(text: string | null): Draft | null {
	try {
		const value = JSON.parse(text ?? 'null') as Partial<Draft> | null;
		if (typeof value?.text !== 'string') return null;
		return { text: value.text, reply_to: value.reply_to ?? null };
	} catch {
		return null;
	}
}
