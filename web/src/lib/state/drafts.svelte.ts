import { SvelteMap } from 'svelte/reactivity';
import type { Quote } from '$lib/api/types';
import { systemClock, type Clock } from '$lib/realtime/clock';

/** What somebody began to write in a room, and what it answers. */
export interface Draft {
	readonly text: string;
	readonly reply_to: Quote | null;
}

/** How it stands with the server's copy, which all devices share. */
interface Kept extends Draft {
	/** When it was last changed here. */
	readonly at: number;
	/** The server does not have it so yet. */
	readonly unsent: boolean;
	/** The server may have one. */
	readonly shared: boolean;
}

export const noDraft: Draft = { text: '', reply_to: null };

const PREFIX = 'charla.draft.';
/** What forgetting leaves behind would be somebody's all the same. */
const FORGOTTEN = [PREFIX, 'charla.files.'];

/** The unsent text of each room. It outlives the page, in a key a room, for its author alone. */
export class Drafts {
	/** Told what its author has changed here. */
	onEdited: (room_id: string) => void = () => undefined;

	#rooms = new SvelteMap<string, Kept>();
	#storage: Storage;
	#prefix: string;
	#clock: Clock;

	constructor(storage: Storage, user_id: string, clock = systemClock) {
		this.#storage = storage;
		this.#prefix = `${PREFIX}${user_id}.`;
		this.#clock = clock;
		for (const key of Object.keys(storage)) this.#read(key, storage.getItem(key));
	}

	of(room_id: string): Draft {
		return this.#rooms.get(room_id) ?? noDraft;
	}

	set(room_id: string, { text, reply_to }: Draft): void {
		const held = this.#rooms.get(room_id);
		if (isEmpty({ text, reply_to }) && !held) return;
		const shared = held?.shared ?? false;
		this.#put(room_id, { text, reply_to, at: this.#clock.now(), unsent: true, shared });
		this.onEdited(room_id);
	}

	/** It was sent, or is no longer wanted. */
	remove(room_id: string): void {
		this.set(room_id, noDraft);
	}

	/** The room is gone, and with it what the server had. */
	forget(room_id: string): void {
		this.#rooms.delete(room_id);
		this.#storage.removeItem(this.#prefix + room_id);
	}

	/** Takes the server's copy, unless what was written here is yet to be sent. */
	adopt(room_id: string, draft: Draft): void {
		if (this.#rooms.get(room_id)?.unsent) return;
		this.#put(room_id, { ...draft, at: this.#clock.now(), unsent: false, shared: true });
	}

	/** The rooms whose draft the server does not have as it stands. */
	get unsent(): string[] {
		return [...this.#rooms].flatMap(([room_id, { unsent }]) => (unsent ? [room_id] : []));
	}

	/** The rooms whose draft the server may have. */
	get shared(): string[] {
		return [...this.#rooms].flatMap(([room_id, { shared }]) => (shared ? [room_id] : []));
	}

	editedAt(room_id: string): number {
		return this.#rooms.get(room_id)?.at ?? 0;
	}

	/** It is about to be told to the server: whatever the answer, it may be there. */
	sharing(room_id: string): void {
		const held = this.#rooms.get(room_id);
		if (held && !isEmpty(held)) this.#put(room_id, { ...held, shared: true });
	}

	/** The server has what stood here at `at`. */
	saved(room_id: string, at: number): void {
		const held = this.#rooms.get(room_id);
		if (held?.at === at) this.#put(room_id, { ...held, unsent: false, shared: !isEmpty(held) });
	}

	/** What another device has written later holds. */
	yield(room_id: string): void {
		const held = this.#rooms.get(room_id);
		if (held) this.#rooms.set(room_id, { ...held, unsent: false });
	}

	/** Another tab has written a key. */
	stored(key: string | null, value: string | null): void {
		if (key) this.#read(key, value);
	}

	#put(room_id: string, kept: Kept): void {
		// What is empty here and on the server is no draft.
		if (isEmpty(kept) && !(kept.unsent && kept.shared)) return this.forget(room_id);
		this.#rooms.set(room_id, kept);
		try {
			this.#storage.setItem(this.#prefix + room_id, JSON.stringify(kept));
		} catch (error) {
			console.warn('draft not stored', error);
		}
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
	const prefixes = FORGOTTEN.map((prefix) => `${prefix}${user_id}.`);
	for (const key of Object.keys(storage)) {
		if (prefixes.some((prefix) => key.startsWith(prefix))) storage.removeItem(key);
	}
}

function isEmpty({ text, reply_to }: Draft): boolean {
	return text.trim() === '' && !reply_to;
}

function parse(text: string | null): Kept | null {
	try {
		const value = JSON.parse(text ?? 'null') as Partial<Kept> | null;
		if (typeof value?.text !== 'string') return null;
		const { reply_to = null, at = 0, unsent = true, shared = false } = value;
		return { text: value.text, reply_to, at, unsent, shared };
	} catch {
		return null;
	}
}
