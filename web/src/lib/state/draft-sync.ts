import { isFinal } from '$lib/api/errors';
import type { Draft as Stored, Quote } from '$lib/api/types';
import type { Clock } from '$lib/realtime/clock';
import type { ServerEvent } from '$lib/realtime/protocol';
import type { Drafts } from './drafts.svelte';

export interface DraftSyncDeps {
	drafts: Drafts;
	clock: Clock;
	api: {
		list(): Promise<Stored[]>;
		put(room_id: string, content: string, reply_to_id: string | null): Promise<Stored>;
		remove(room_id: string): Promise<unknown>;
	};
	/** The message that a draft answers, from wherever it is known. */
	quote(room_id: string, message_id: string): Promise<Quote>;
}

/** So long after the last key a draft is told to the server. */
const PAUSE_MS = 1_000;
const AGAIN_MS = 5_000;
/** The server takes no longer ones; they stay on this device until they are shortened. */
const MAX_LENGTH = 10_000;

/** So many of our own words of a room are known again when they come back. */
const TOLD = 20;

/**
 * Keeps the drafts the same on every device of their author: what was written last holds. Where two devices have written at once,
 * both texts stay.
 */
export class DraftSync {
	#deps: DraftSyncDeps;
	#timers = new Map<string, () => void>();
	#busy = new Set<string>();
	/** What the server has told last of each room. */
	#latest = new Map<string, Stored>();
	/** What we have told the server of each room, the latest last. */
	#told = new Map<string, string[]>();
	#connected = false;

	constructor(deps: DraftSyncDeps) {
		this.#deps = deps;
		deps.drafts.onEdited = (room_id) => this.#edited(room_id);
	}

	receive(event: ServerEvent): void {
		if (event.type === 'hello') {
			this.#connected = true;
			void this.#compare();
		} else if (event.type === 'draft') {
			this.#adopt(event.data);
		}
	}

	disconnected(): void {
		this.#connected = false;
	}

	/** Who leaves a room, or the page, does not wait for the pause. */
	flush(room_id: string): void {
		if (this.#deps.drafts.unsent.includes(room_id)) void this.#send(room_id);
	}

	stop(): void {
		this.#connected = false;
		for (const cancel of this.#timers.values()) cancel();
		this.#timers.clear();
	}

	#edited(room_id: string): void {
		const { text, reply_to } = this.#deps.drafts.of(room_id);
		// An emptied one has mostly been sent: it should be gone elsewhere as well.
		const ms = text || reply_to ? PAUSE_MS : 0;
		this.#later(room_id, ms);
	}

	#later(room_id: string, ms: number): void {
		this.#timers.get(room_id)?.();
		this.#timers.set(
			room_id,
			this.#deps.clock.after(ms, () => void this.#send(room_id)),
		);
	}

	async #send(room_id: string): Promise<void> {
		const { drafts, api } = this.#deps;
		this.#timers.get(room_id)?.();
		this.#timers.delete(room_id);
		if (!this.#connected || this.#busy.has(room_id)) return;
		drafts.reread(room_id);
		if (!drafts.unsent.includes(room_id)) return;
		const { text, reply_to } = drafts.of(room_id);
		const content = text.trim() === '' ? '' : text;
		if ([...content].length > MAX_LENGTH) return;
		const at = drafts.editedAt(room_id);
		this.#busy.add(room_id);
		drafts.sharing(room_id);
		this.#told.set(room_id, [...(this.#told.get(room_id) ?? []), content.trim()].slice(-TOLD));
		try {
			if (content || reply_to) this.#hear(await api.put(room_id, content, reply_to?.id ?? null));
			else await api.remove(room_id);
			drafts.saved(room_id, at);
			if (this.#connected) await this.#takeBack(room_id, content, reply_to);
		} catch (error) {
			console.warn('draft not saved', error);
			// It stays on this device; the message it answers may be gone, or the room closed.
			if (isFinal(error)) drafts.saved(room_id, at);
			else this.#later(room_id, AGAIN_MS);
		} finally {
			this.#busy.delete(room_id);
		}
		// The next `hello` compares; and who has signed out leaves nothing behind.
		if (!this.#connected) return;
		// What another device has written in the meantime was left for now.
		const last = this.#latest.get(room_id);
		if (last && !isSame(last, content, reply_to)) this.#adopt(last);
		const again = drafts.unsent.includes(room_id) && !this.#timers.has(room_id);
		if (again) this.#later(room_id, PAUSE_MS);
	}

	/** Another tab has sent or emptied it meanwhile, and told the server before this one did. */
	async #takeBack(room_id: string, content: string, reply_to: Quote | null): Promise<void> {
		const { drafts, api } = this.#deps;
		const told = content !== '' || reply_to !== null;
		const { text, reply_to: now } = drafts.of(room_id);
		if (told && !text && !now && !drafts.unsent.includes(room_id)) await api.remove(room_id);
	}

	/** After a pause: what was written here in the meantime, against what was written elsewhere. */
	async #compare(): Promise<void> {
		const { drafts, api } = this.#deps;
		try {
			const before = drafts.shared;
			const stored = await api.list();
			if (!this.#connected) return;
			const rooms = new Set(stored.map(({ room }) => room));
			for (const draft of stored) {
				// What was emptied here was something else than what is there now.
				if (drafts.isEmpty(draft.room) && this.#isAnothers(draft)) drafts.yield(draft.room);
				this.#adopt(draft);
			}
			// Sent or emptied elsewhere, if nothing has happened here.
			for (const room_id of before) {
				if (!rooms.has(room_id)) this.#adopt(nothing(room_id));
			}
		} catch (error) {
			console.warn('drafts not loaded', error);
		}
		for (const room_id of drafts.unsent) void this.#send(room_id);
	}

	/** Whether another device has written it, without knowing what stands here. */
	#isAnothers({ room, content, reply_to_id }: Stored): boolean {
		const isOwn = this.#told.get(room)?.includes(content.trim());
		return content !== '' && !isOwn && this.#deps.drafts.isNews(room, content, reply_to_id);
	}

	/** False for what is out of date: of what we have told it ourselves, the answer may be here before the event. */
	#hear(stored: Stored): boolean {
		const time = ({ updated_at }: Stored) => Date.parse(updated_at ?? '');
		const known = this.#latest.get(stored.room);
		if (known && time(stored) < time(known)) return false;
		this.#latest.set(stored.room, stored);
		return true;
	}

	#adopt(stored: Stored): void {
		const { drafts } = this.#deps;
		const { room, content, reply_to_id } = stored;
		if (!this.#hear(stored)) return;
		if (drafts.unsent.includes(room)) {
			// What we are telling it ourselves comes back, and may not be so any more.
			if (drafts.isEmpty(room) || !this.#isAnothers(stored)) return;
			drafts.join(room, content, reply_to_id);
			return this.#later(room, PAUSE_MS);
		}
		if (this.#busy.has(room)) return;
		const { text, reply_to: known } = drafts.of(room);
		// What we have told it ourselves comes back tidied: that is no reason to touch what is being written.
		if (text.trim() === content.trim() && (known?.id ?? null) === reply_to_id) return;
		if (!reply_to_id) drafts.adopt(room, { text: content, reply_to: null });
		else if (known?.id === reply_to_id) drafts.adopt(room, { text: content, reply_to: known });
		else void this.#adoptAnswer(stored, reply_to_id);
	}

	async #adoptAnswer(stored: Stored, message_id: string): Promise<void> {
		const { drafts, quote } = this.#deps;
		let reply_to: Quote | null = null;
		try {
			reply_to = await quote(stored.room, message_id);
		} catch (error) {
			console.warn('answered message not loaded', error);
		}
		if (!this.#connected || this.#latest.get(stored.room) !== stored) return;
		drafts.adopt(stored.room, { text: stored.content, reply_to });
	}
}

function isSame(stored: Stored, content: string, reply_to: Quote | null): boolean {
	return stored.content.trim() === content.trim() && stored.reply_to_id === (reply_to?.id ?? null);
}

function nothing(room: string): Stored {
	return { room, content: '', reply_to_id: null, updated_at: null };
}
