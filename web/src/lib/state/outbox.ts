import type { Quote } from '$lib/api/types';
import type { Clock } from '$lib/realtime/clock';
import type { Ack, ActionError } from '$lib/realtime/protocol';

/**
 * `sending`: to be sent, or sent and not answered. `committed`: acknowledged, its message event is
 * still on the way. `failed`: definitely rejected; the author decides.
 */
export type OutboxStatus = 'sending' | 'committed' | 'failed';

export interface OutboxEntry {
	client_id: string;
	room_id: string;
	content: string;
	reply_to: Quote | null;
	created_at: string;
	status: OutboxStatus;
	/** The server's words for a rejection. */
	error: string | null;
	/** The revision the message was committed with. */
	revision: number | null;
}

export interface OutboxStorage {
	load(): OutboxEntry[];
	put(entry: OutboxEntry): void;
	remove(client_id: string): void;
}

export interface OutboxDeps {
	storage: OutboxStorage;
	clock: Clock;
	newId(): string;
	/** Hands the entry to the socket; false when there is none. */
	send(entry: OutboxEntry): boolean;
	onChange(entries: readonly OutboxEntry[]): void;
	onCommitted(entry: OutboxEntry): void;
}

const ANSWER_TIMEOUT_MS = 10_000;

/** Refusals that say nothing about the message itself: it is sent again. */
const temporary = new Set([
	'too_many_requests',
	'internal',
	'unavailable',
	'not_authenticated',
	'session_ended',
]);
const TEMPORARY_PAUSE_MS = 2_000;

/**
 * What was written and is not yet known to be committed. One message a room is under way at a
 * time, so that they arrive in the order they were written; each goes out again, with the same
 * `client_id`, until it is answered.
 */
export class Outbox {
	#deps: OutboxDeps;
	#entries: OutboxEntry[];
	/** Entries sent on the present socket, with what cancels the wait for their answer. */
	#underWay = new Map<string, () => void>();
	#cancelPause: (() => void) | null = null;

	constructor(deps: OutboxDeps) {
		this.#deps = deps;
		this.#entries = deps.storage.load();
	}

	get entries(): readonly OutboxEntry[] {
		return this.#entries;
	}

	add(room_id: string, content: string, reply_to: Quote | null): OutboxEntry {
		const entry: OutboxEntry = {
			client_id: this.#deps.newId(),
			room_id,
			content,
			reply_to,
			created_at: new Date(this.#deps.clock.now()).toISOString(),
			status: 'sending',
			error: null,
			revision: null,
		};
		this.#deps.storage.put(entry);
		this.#set([...this.#entries, entry]);
		this.#pump();
		return entry;
	}

	/** After `hello`: whatever was under way on the old socket may be lost; it all goes out again. */
	connected(): void {
		this.disconnected();
		const known = new Set(this.#entries.map((entry) => entry.client_id));
		// Another tab may have closed with something unsent.
		const adopted = this.#deps.storage.load().filter((entry) => !known.has(entry.client_id));
		if (adopted.length > 0) this.#set([...this.#entries, ...adopted]);
		this.#pump();
	}

	disconnected(): void {
		for (const cancel of this.#underWay.values()) cancel();
		this.#underWay.clear();
		this.#cancelPause?.();
		this.#cancelPause = null;
	}

	acknowledge(ack: Ack): void {
		const entry = this.#find(ack.client_id);
		if (!entry) return;
		this.#answered(entry.client_id);
		this.#deps.storage.remove(entry.client_id);
		const committed: OutboxEntry = { ...entry, status: 'committed', revision: ack.revision };
		this.#replace(committed);
		this.#deps.onCommitted(committed);
		this.#pump();
	}

	reject(error: ActionError): void {
		const entry = error.client_id === null ? undefined : this.#find(error.client_id);
		if (!entry || entry.status === 'committed') return;
		this.#answered(entry.client_id);
		if (temporary.has(error.code)) {
			const pause = error.retry_after === null ? TEMPORARY_PAUSE_MS : error.retry_after * 1000;
			this.#cancelPause ??= this.#deps.clock.after(pause, () => {
				this.#cancelPause = null;
				this.#pump();
			});
			return;
		}
		const failed: OutboxEntry = { ...entry, status: 'failed', error: error.detail };
		this.#deps.storage.put(failed);
		this.#replace(failed);
		this.#pump();
	}

	/** These messages exist on the server: whatever of them is ours needs no more sending. */
	seen(messages: readonly { client_id: string | null }[]): void {
		const found = messages.flatMap(({ client_id }) => client_id ?? []);
		if (found.some((client_id) => this.#find(client_id))) this.#forget(new Set(found));
	}

	/** The room on screen has reached `revision`; what was committed up to there is in its timeline. */
	settle(room_id: string, revision: number): void {
		const settled = this.#entries.filter(
			(entry) =>
				entry.room_id === room_id &&
				entry.status === 'committed' &&
				(entry.revision === null || entry.revision <= revision),
		);
		if (settled.length > 0) this.#forget(new Set(settled.map((entry) => entry.client_id)));
	}

	retry(client_id: string): void {
		const entry = this.#find(client_id);
		if (entry?.status !== 'failed') return;
		const again: OutboxEntry = { ...entry, status: 'sending', error: null };
		this.#deps.storage.put(again);
		this.#replace(again);
		this.#pump();
	}

	/** Gives an entry up: its author does not want it any more, or another tab has dealt with it. */
	drop(client_id: string): void {
		if (this.#find(client_id)) this.#forget(new Set([client_id]));
	}

	#pump(): void {
		if (this.#cancelPause) return;
		const busy = new Set<string>();
		for (const entry of this.#entries) {
			if (entry.status !== 'sending' || busy.has(entry.room_id)) continue;
			busy.add(entry.room_id);
			if (this.#underWay.has(entry.client_id)) continue;
			if (!this.#deps.send(entry)) return;
			const cancel = this.#deps.clock.after(ANSWER_TIMEOUT_MS, () => {
				this.#underWay.delete(entry.client_id);
				this.#pump();
			});
			this.#underWay.set(entry.client_id, cancel);
		}
	}

	#answered(client_id: string): void {
		this.#underWay.get(client_id)?.();
		this.#underWay.delete(client_id);
	}

	#forget(client_ids: ReadonlySet<string>): void {
		for (const client_id of client_ids) {
			if (!this.#find(client_id)) continue;
			this.#answered(client_id);
			this.#deps.storage.remove(client_id);
		}
		this.#set(this.#entries.filter((entry) => !client_ids.has(entry.client_id)));
		this.#pump();
	}

	#find(client_id: string): OutboxEntry | undefined {
		return this.#entries.find((entry) => entry.client_id === client_id);
	}

	#replace(entry: OutboxEntry): void {
		this.#set(this.#entries.map((old) => (old.client_id === entry.client_id ? entry : old)));
	}

	#set(entries: OutboxEntry[]): void {
		this.#entries = entries;
		this.#deps.onChange(entries);
	}
}
