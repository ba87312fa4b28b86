import type { Attachment, Quote } from '$lib/api/types';
import type { Clock } from '$lib/realtime/clock';
import type { Ack, ActionError } from '$lib/realtime/protocol';

/**
 * `sending`: to be sent, or sent and not answered. `committed`: acknowledged, its message event is
 * still on the way. `failed`: definitely rejected; the author decides.
 */
export type OutboxStatus = 'sending' | 'committed' | 'failed';

/** A file of a message on its way; without `attachment` it is still being uploaded. */
export interface OutboxFile {
	id: string;
	name: string;
	size: number;
	content_type: string;
	attachment: Attachment | null;
}

export interface OutboxEntry {
	client_id: string;
	room_id: string;
	content: string;
	reply_to: Quote | null;
	files: readonly OutboxFile[];
	created_at: string;
	status: OutboxStatus;
	/** The server's words for a rejection. */
	error: string | null;
	/** The revision the message was committed with. */
	revision: number | null;
	/** It has gone out at some time, and no answer to that says that it was not taken: it may have arrived. */
	tried: boolean;
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
	/** Until when a room waits because too much was sent, in milliseconds; null once it goes on. */
	onPaused?(room_id: string, until: number | null): void;
	/** False where another tab may be the one that sends; `lead` ends that. */
	leads?: boolean;
}

const ANSWER_TIMEOUT_MS = 10_000;
/** The tab that sends may be frozen, or without a connection: after this time another does its work. */
const PATIENCE_MS = 4_000;

/** Refusals that say nothing about the message itself: it is sent again. */
const temporary = new Set([
	'too_many_requests',
	'internal',
	'unavailable',
	'not_authenticated',
	'session_ended',
]);
/** With these of them the message may be stored all the same: it was the answer of the database that did not come. */
const unsure = new Set(['internal', 'unavailable']);
const TEMPORARY_PAUSE_MS = 2_000;

/** Half of a character, as a broken paste leaves it: no server could read the text. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * What was written and is not yet known to be committed. One message a room is under way at a
 * time, so that they arrive in the order they were written; each goes out again, with the same
 * `client_id`, until it is answered.
 */
export class Outbox {
	#deps: OutboxDeps;
	#entries: OutboxEntry[];
	/**
	 * Entries sent on the present socket, with what cancels the wait for their answer, and whether they may have arrived
	 * before: a refusal speaks of one attempt alone.
	 */
	#underWay = new Map<string, { cancel: () => void; tried: boolean }>();
	/** What ends the pause of each room that makes one. */
	#pauses = new Map<string, () => void>();
	#cancelPatience: (() => void) | null = null;
	#leads: boolean;

	constructor(deps: OutboxDeps) {
		this.#deps = deps;
		this.#leads = deps.leads ?? true;
		this.#entries = inOrder(this.#stored());
	}

	get entries(): readonly OutboxEntry[] {
		return this.#entries;
	}

	add(
		room_id: string,
		content: string,
		reply_to: Quote | null,
		files: readonly OutboxFile[] = [],
		client_id = this.#deps.newId(),
	): OutboxEntry {
		const entry: OutboxEntry = {
			client_id,
			room_id,
			content: content.replace(LONE_SURROGATE, '\ufffd'),
			reply_to,
			files,
			created_at: this.#moment(),
			status: 'sending',
			error: null,
			revision: null,
			tried: false,
		};
		this.#deps.storage.put(entry);
		this.#set([...this.#entries, entry]);
		this.#pump();
		return entry;
	}

	/** After `hello`: whatever was under way on the old socket may be lost; it all goes out again. */
	connected(): void {
		this.disconnected();
		// Another tab may have closed with something unsent.
		const adopted = this.#stored().filter(({ client_id }) => !this.#find(client_id));
		if (adopted.length > 0) this.#set(inOrder([...this.#entries, ...adopted]));
		this.#pump();
	}

	disconnected(): void {
		for (const { cancel } of this.#underWay.values()) cancel();
		this.#underWay.clear();
		for (const room_id of [...this.#pauses.keys()]) this.#endPause(room_id);
		this.#cancelPatience?.();
		this.#cancelPatience = null;
	}

	/** What a room waited for may be over. */
	resume(room_id: string): void {
		if (!this.#pauses.has(room_id)) return;
		this.#endPause(room_id);
		this.#pump();
	}

	/** This is now the one tab that sends. */
	lead(): void {
		this.#leads = true;
		this.#pump();
	}

	/** Another tab has stored an entry, or removed it. */
	stored(client_id: string, entry: OutboxEntry | null): void {
		const held = this.#find(client_id);
		if (held?.status === 'committed') return;
		if (!entry) return this.drop(client_id);
		if (held) this.#replace(entry);
		else this.#set(inOrder([...this.#entries, entry]));
		if (entry.status === 'committed') this.#deps.onCommitted(entry);
		this.#pump();
	}

	/** A file has been uploaded. */
	attach(client_id: string, file_id: string, attachment: Attachment): void {
		const entry = this.#find(client_id);
		if (!entry) return;
		const files = entry.files.map((file) => (file.id === file_id ? { ...file, attachment } : file));
		this.#change({ ...entry, files });
	}

	/** Some of its files will never be uploaded, or its room is gone: the author decides about the rest. */
	refuse(client_id: string, error: string): void {
		const entry = this.#find(client_id);
		if (!entry || entry.status === 'committed' || entry.error === error) return;
		this.#change({ ...entry, status: 'failed', error });
	}

	acknowledge(ack: Ack): void {
		const entry = this.#find(ack.client_id);
		if (!entry) return;
		this.#answered(entry.client_id);
		const committed: OutboxEntry = { ...entry, status: 'committed', revision: ack.revision };
		// So that other tabs know that it was not given up.
		this.#deps.storage.put(committed);
		this.#deps.storage.remove(entry.client_id);
		this.#replace(committed);
		this.#deps.onCommitted(committed);
		this.#pump();
	}

	reject(error: ActionError): void {
		const entry = error.client_id === null ? undefined : this.#find(error.client_id);
		if (!entry || entry.status === 'committed') return;
		const before = this.#underWay.get(entry.client_id) ?? entry;
		const tried = before.tried || unsure.has(error.code);
		this.#answered(entry.client_id);
		if (temporary.has(error.code)) {
			this.#pause(entry.room_id, error);
			return this.#keep({ ...entry, tried });
		}
		this.#change({ ...entry, status: 'failed', error: error.detail, tried });
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

	/** Sends it again, without the files that could not be uploaded. */
	retry(client_id: string): void {
		const entry = this.#find(client_id);
		if (entry?.status !== 'failed') return;
		const files = entry.files.filter(({ attachment }) => attachment);
		if (entry.content.trim() === '' && files.length === 0) return this.drop(client_id);
		this.#change({ ...entry, files, status: 'sending', error: null });
	}

	/** Gives an entry up: its author does not want it any more, or another tab has dealt with it. */
	drop(client_id: string): void {
		if (this.#find(client_id)) this.#forget(new Set([client_id]));
	}

	#pump(): void {
		if (this.#leads) return this.#send();
		const waiting = this.#entries.some(({ status }) => status === 'sending');
		if (!waiting) {
			this.#cancelPatience?.();
			this.#cancelPatience = null;
			return;
		}
		this.#cancelPatience ??= this.#deps.clock.after(PATIENCE_MS, () => {
			this.#cancelPatience = null;
			this.#send();
			if (this.#underWay.size === 0) this.#pump();
		});
	}

	#send(): void {
		const busy = new Set(this.#pauses.keys());
		for (const entry of this.#entries) {
			if (entry.status !== 'sending' || busy.has(entry.room_id)) continue;
			busy.add(entry.room_id);
			if (this.#underWay.has(entry.client_id) || isIncomplete(entry)) continue;
			if (!this.#deps.send(entry)) return;
			const { tried } = entry;
			if (!tried) this.#keep({ ...entry, tried: true });
			const cancel = this.#deps.clock.after(ANSWER_TIMEOUT_MS, () => {
				this.#underWay.delete(entry.client_id);
				this.#pump();
			});
			this.#underWay.set(entry.client_id, { cancel, tried });
		}
	}

	#answered(client_id: string): void {
		this.#underWay.get(client_id)?.cancel();
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

	/** Later than all that waits, whatever the clock says: it is what they are ordered by. */
	#moment(): string {
		const last = Date.parse(this.#entries.at(-1)?.created_at ?? '') || 0;
		return new Date(Math.max(this.#deps.clock.now(), last + 1)).toISOString();
	}

	/** What was committed is stored for other tabs alone. */
	#stored(): OutboxEntry[] {
		return this.#deps.storage.load().filter(({ status }) => status !== 'committed');
	}

	#pause(room_id: string, { code, retry_after }: ActionError): void {
		const { clock, onPaused } = this.#deps;
		const ms = retry_after === null ? TEMPORARY_PAUSE_MS : retry_after * 1000;
		this.#endPause(room_id);
		this.#pauses.set(
			room_id,
			clock.after(ms, () => this.resume(room_id)),
		);
		if (code === 'too_many_requests') onPaused?.(room_id, clock.now() + ms);
	}

	#endPause(room_id: string): void {
		this.#pauses.get(room_id)?.();
		this.#pauses.delete(room_id);
		this.#deps.onPaused?.(room_id, null);
	}

	#change(entry: OutboxEntry): void {
		this.#keep(entry);
		this.#pump();
	}

	#keep(entry: OutboxEntry): void {
		this.#deps.storage.put(entry);
		this.#replace(entry);
	}

	#replace(entry: OutboxEntry): void {
		this.#set(this.#entries.map((old) => (old.client_id === entry.client_id ? entry : old)));
	}

	#set(entries: OutboxEntry[]): void {
		this.#entries = entries;
		this.#deps.onChange(entries);
	}
}

/** Whether it waits for files that are being uploaded. */
export function isIncomplete({ status, files }: OutboxEntry): boolean {
	return status === 'sending' && files.some(({ attachment }) => !attachment);
}

/** As they were written; in every tab the same. */
function inOrder(entries: OutboxEntry[]): OutboxEntry[] {
	const key = ({ created_at, client_id }: OutboxEntry) => created_at + client_id;
	return entries.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
