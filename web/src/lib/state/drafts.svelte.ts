import { SvelteMap } from 'svelte/reactivity';
import type { Quote } from '$lib/api/types';
import { systemClock, type Clock } from '$lib/realtime/clock';
import { keep } from './keep.svelte';

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
	/** What the server has as far as we know, in short; null where it has none. */
	readonly shared: string | null;
}

const PREFIX = 'charla.draft.';

export const noDraft: Draft = { text: '', reply_to: null };

/** The unsent text of each room. It outlives the page, in a key a room, for its author alone. */
export class Drafts {
	/** Told what its author has changed here. */
	onEdited: (room_id: string) => void = () => undefined;

	#rooms = new SvelteMap<string, Kept>();
	/** The rooms whose draft is in the storage, as far as we know. */
	#stored = new Set<string>();
	/** Those of which the storage has an older one, at best: it would not take this one. */
	#unkept = new Set<string>();
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
		this.reread(room_id);
		const held = this.#rooms.get(room_id);
		if (isEmpty({ text, reply_to }) && !held) return;
		const shared = held?.shared ?? null;
		// Never the moment of what it takes the place of: that tells them apart.
		const at = Math.max(this.#clock.now(), (held?.at ?? 0) + 1);
		this.#put(room_id, { text, reply_to, at, unsent: true, shared });
		this.onEdited(room_id);
	}

	/** It was sent, or is no longer wanted. */
	remove(room_id: string): void {
		this.set(room_id, noDraft);
	}

	/** The room is gone, and with it what the server had. */
	forget(room_id: string): void {
		this.#stored.delete(room_id);
		this.#unkept.delete(room_id);
		this.#rooms.delete(room_id);
		this.#storage.removeItem(this.#prefix + room_id);
	}

	/** Takes the server's copy, unless what was written here is yet to be sent. */
	adopt(room_id: string, draft: Draft): void {
		if (this.#rooms.get(room_id)?.unsent) return;
		this.#put(room_id, { ...draft, at: this.#clock.now(), unsent: false, shared: inShort(draft) });
	}

	/** The rooms whose draft the server does not have as it stands. */
	get unsent(): string[] {
		return [...this.#rooms].flatMap(([room_id, { unsent }]) => (unsent ? [room_id] : []));
	}

	/** The rooms whose draft the server may have. */
	get shared(): string[] {
		return [...this.#rooms].flatMap(([room_id, { shared }]) => (shared === null ? [] : [room_id]));
	}

	editedAt(room_id: string): number {
		return this.#rooms.get(room_id)?.at ?? 0;
	}

	/** It is about to be told to the server: whatever the answer, it may be there. */
	sharing(room_id: string): void {
		const held = this.#rooms.get(room_id);
		if (held && !isEmpty(held)) this.#note(room_id, { ...held, shared: inShort(held) });
	}

	/** The server has what stood here at `at`. */
	saved(room_id: string, at: number): void {
		this.reread(room_id);
		const held = this.#rooms.get(room_id);
		if (held?.at !== at) return;
		const shared = isEmpty(held) ? null : inShort(held);
		this.#note(room_id, { ...held, unsent: false, shared });
	}

	/** Whether the server's copy is another one than we know of. */
	isNews(room_id: string, text: string, reply_to_id: string | null): boolean {
		return this.#rooms.get(room_id)?.shared !== shorten(text, reply_to_id);
	}

	isEmpty(room_id: string): boolean {
		return isEmpty(this.of(room_id));
	}

	/** Another device has written something else while this was written here: its words come first, and none are lost. */
	join(room_id: string, text: string, reply_to_id: string | null): void {
		this.reread(room_id);
		const held = this.#rooms.get(room_id);
		if (!held) return;
		const at = Math.max(this.#clock.now(), held.at + 1);
		const shared = shorten(text, reply_to_id);
		this.#put(room_id, { ...held, text: joined(text, held.text), at, unsent: true, shared });
	}

	/** What another device has written holds. */
	yield(room_id: string): void {
		const held = this.#rooms.get(room_id);
		if (held) this.#rooms.set(room_id, { ...held, unsent: false });
	}

	/** Takes what another tab has written a moment ago: the event that says so may be on its way. */
	reread(room_id: string): void {
		if (this.#unkept.has(room_id)) return;
		const key = this.#prefix + room_id;
		const value = this.#storage.getItem(key);
		// What could not be stored is here alone.
		if (value !== null || this.#stored.has(room_id)) this.#read(key, value);
	}

	/** Another tab has written a key. */
	stored(key: string | null, value: string | null): void {
		if (key) this.#read(key, value);
	}

	/** How things stand does not bring back what its author has left behind by signing out. */
	#note(room_id: string, kept: Kept): void {
		if (this.#storage.getItem(this.#prefix + room_id) === null) this.#rooms.set(room_id, kept);
		else this.#put(room_id, kept);
	}

	#put(room_id: string, kept: Kept): void {
		// What is empty here and on the server is no draft.
		if (isEmpty(kept) && !(kept.unsent && kept.shared !== null)) return this.forget(room_id);
		this.#rooms.set(room_id, kept);
		const key = this.#prefix + room_id;
		if (keep(this.#storage, key, JSON.stringify(kept))) {
			this.#stored.add(room_id);
			this.#unkept.delete(room_id);
		} else {
			this.#unkept.add(room_id);
			// What was sent must not come back.
			if (isEmpty(kept)) this.#storage.removeItem(key);
		}
	}

	#read(key: string, value: string | null): void {
		if (!key.startsWith(this.#prefix)) return;
		const room_id = key.slice(this.#prefix.length);
		const draft = parse(value);
		this.#unkept.delete(room_id);
		if (draft) {
			this.#stored.add(room_id);
			this.#rooms.set(room_id, draft);
		} else {
			this.#stored.delete(room_id);
			this.#rooms.delete(room_id);
		}
	}
}

function isEmpty({ text, reply_to }: Draft): boolean {
	return text.trim() === '' && !reply_to;
}

/** Where one has the other in it, that one. */
function joined(theirs: string, ours: string): string {
	if (ours.includes(theirs.trim())) return ours;
	return theirs.includes(ours.trim()) ? theirs : `${theirs}\n\n${ours}`;
}

function inShort({ text, reply_to }: Draft): string {
	return shorten(text, reply_to?.id ?? null);
}

/** The server tidies the ends. */
function shorten(text: string, reply_to_id: string | null): string {
	return `${reply_to_id ?? ''} ${text.trim()}`;
}

function parse(text: string | null): Kept | null {
	try {
		const value = JSON.parse(text ?? 'null') as Partial<Kept> | null;
		if (typeof value?.text !== 'string') return null;
		const { reply_to = null, at = 0, unsent = true, shared = null } = value;
		return { text: value.text, reply_to, at, unsent, shared };
	} catch {
		return null;
	}
}
