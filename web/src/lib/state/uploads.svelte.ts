import { ApiError } from '$lib/api/errors';
import type { Attachment } from '$lib/api/types';
import type { Clock } from '$lib/realtime/clock';
import { keep } from './keep.svelte';
import type { OutboxFile } from './outbox';

/** `failed` is tried again; `refused` is not. */
export type UploadStatus = 'waiting' | 'uploading' | 'done' | 'failed' | 'refused';

export type UploadProblem =
	| { kind: 'empty' | 'failed' | 'gone' }
	| { kind: 'too_large'; limit: number }
	| { kind: 'refused'; reason: string };

export interface Upload extends OutboxFile {
	/** The composer it was added to: a room's id, with a message's in its thread. */
	readonly place: string;
	/** The address of the picture itself, while this page has it. */
	readonly preview: string | null;
	readonly status: UploadStatus;
	/** From 0 to 1. */
	readonly progress: number;
	readonly problem: UploadProblem | null;
	/** The message that it goes with, once that is to be sent. */
	readonly client_id: string | null;
	/** It would be lost with its page. */
	readonly unkept?: boolean | undefined;
}

/** A file that was not uploaded before its page was closed. */
export type Left = Pick<Upload, 'id' | 'place' | 'name' | 'size' | 'content_type' | 'client_id'>;

export interface UploadsDeps {
	transfer(
		file: File,
		onprogress: (progress: number) => void,
		signal: AbortSignal,
	): Promise<Attachment>;
	clock: Clock;
	storage: Storage;
	user_id: string;
	newId(): string;
	/** Bytes that the server takes of a file. */
	limit(): number;
	/** Nothing is kept beyond this page. */
	unkept?: boolean;
	previews: { make(file: File): string | null; drop(address: string): void };
	/** A file of a message that is to be sent is there, or will never be. */
	onDone(client_id: string, upload: Upload): void;
}

/** Files of one message. */
export const MOST_FILES = 10;
const AT_ONCE = 3;
const FIRST_PAUSE_MS = 3_000;
const LONGEST_PAUSE_MS = 60_000;
/** The server keeps what no message names for a day; an hour less is sure. */
const KEPT_MS = 23 * 3_600_000;
const PREFIX = 'charla.files.';

/** The files on their way to the server: those in the composers, and those of messages to be sent. */
export class Uploads {
	list = $state.raw<readonly Upload[]>([]);
	/** Told of every change of the list. */
	onChange: () => void = () => undefined;

	#deps: UploadsDeps;
	#files = new Map<string, File>();
	#running = new Map<string, AbortController>();
	#failures = new Map<string, number>();
	#pauses = new Map<string, () => void>();
	/** When what is there was uploaded. */
	#since = new Map<string, number>();
	/** What an earlier page has uploaded, or another one. */
	#restored = new Set<string>();

	constructor(deps: UploadsDeps) {
		this.#deps = deps;
		const prefix = prefixOf(deps.user_id);
		const keys = Object.keys(deps.storage).filter((key) => key.startsWith(prefix));
		this.list = keys.flatMap((key) => this.#kept(key, key.slice(prefix.length)));
	}

	/** What stands in a composer. */
	of(place: string): Upload[] {
		return this.list.filter((upload) => upload.place === place && !upload.client_id);
	}

	get(id: string): Upload | undefined {
		return this.list.find((upload) => upload.id === id);
	}

	/** What is yet to be uploaded of it. */
	fileOf(id: string): File | undefined {
		return this.#files.get(id);
	}

	/** It cannot be kept beyond this page. */
	markUnkept(id: string): void {
		this.#update(id, { unkept: true });
	}

	/** Takes in what was left by a page that is closed; null where it was not kept. */
	restore(left: Left, file: File | null): void {
		if (this.get(left.id)) return;
		this.#set([...this.list, this.#made(left, file, file ? null : { kind: 'gone' })]);
		if (!file) this.#tell(left.id);
		this.#pump();
	}

	/** Begins to upload; how many were too many is the answer. */
	add(place: string, files: readonly File[]): number {
		const free = Math.max(0, MOST_FILES - this.of(place).length);
		const taken = files.slice(0, free).map((file) => this.#begin(place, file));
		this.#set([...this.list, ...taken]);
		this.#pump();
		return files.length - taken.length;
	}

	remove(id: string): void {
		const upload = this.get(id);
		if (!upload) return;
		this.#release(upload);
		this.#set(this.list.filter((other) => other.id !== id));
		this.#pump();
	}

	retry(id: string): void {
		if (this.get(id)?.status !== 'failed') return;
		this.#pauses.get(id)?.();
		this.#pauses.delete(id);
		this.#update(id, { status: 'waiting', problem: null, progress: 0 });
		this.#pump();
	}

	/** The network is back: what failed is tried at once. */
	connected(): void {
		for (const { id } of this.list) this.retry(id);
	}

	/** Hands what stands in a composer over to a message; the uploading goes on. What was refused stays, and says why. */
	take(place: string, client_id: string): OutboxFile[] {
		const taken = this.of(place).filter(({ status }) => status !== 'refused');
		this.#set(
			this.list.map((upload) => (taken.includes(upload) ? { ...upload, client_id } : upload)),
		);
		return taken.map(({ id, name, size, content_type, attachment }) => ({
			id,
			name,
			size,
			content_type,
			attachment,
		}));
	}

	/** Forgets the files of messages that are no longer to be sent. */
	keepFor(client_ids: ReadonlySet<string>): void {
		const gone = this.list.filter(({ client_id }) => client_id && !client_ids.has(client_id));
		if (gone.length === 0) return;
		for (const upload of gone) this.#release(upload);
		this.#set(this.list.filter((upload) => !gone.includes(upload)));
		this.#pump();
	}

	/** Another tab has sent or removed what it had uploaded. */
	stored(key: string | null, value: string | null): void {
		const prefix = prefixOf(this.#deps.user_id);
		if (!key?.startsWith(prefix)) return;
		const left = new Set(parse(value).map(({ id }) => id));
		const gone = this.of(key.slice(prefix.length)).filter(
			({ id }) => this.#restored.has(id) && !left.has(id),
		);
		if (gone.length === 0) return;
		for (const upload of gone) this.#release(upload);
		this.list = this.list.filter((upload) => !gone.includes(upload));
	}

	stop(): void {
		for (const upload of this.list) this.#release(upload);
	}

	#begin(place: string, file: File): Upload {
		const id = this.#deps.newId();
		const limit = this.#deps.limit();
		const { name, size, type: content_type } = file;
		let problem: UploadProblem | null = null;
		if (size === 0) problem = { kind: 'empty' };
		else if (size > limit) problem = { kind: 'too_large', limit };
		return this.#made({ id, place, name, size, content_type, client_id: null }, file, problem);
	}

	#made(left: Left, file: File | null, problem: UploadProblem | null): Upload {
		if (file && !problem) this.#files.set(left.id, file);
		return {
			...left,
			attachment: null,
			preview: file && this.#deps.previews.make(file),
			status: problem ? 'refused' : 'waiting',
			progress: 0,
			problem,
			unkept: this.#deps.unkept,
		};
	}

	#pump(): void {
		for (const { id, status } of this.list) {
			if (this.#running.size >= AT_ONCE) return;
			const file = this.#files.get(id);
			if (status === 'waiting' && file) void this.#transfer(id, file);
		}
	}

	async #transfer(id: string, file: File): Promise<void> {
		const control = new AbortController();
		this.#running.set(id, control);
		this.#update(id, { status: 'uploading' });
		try {
			const onprogress = (progress: number) => this.#update(id, { progress });
			const attachment = await this.#deps.transfer(file, onprogress, control.signal);
			if (control.signal.aborted) return;
			this.#files.delete(id);
			this.#since.set(id, this.#deps.clock.now());
			this.#update(id, { status: 'done', progress: 1, attachment, unkept: false });
			this.#tell(id);
		} catch (error) {
			if (!control.signal.aborted) this.#failed(id, error);
		} finally {
			this.#running.delete(id);
			this.#pump();
		}
	}

	#failed(id: string, error: unknown): void {
		const final =
			error instanceof ApiError && error.status < 500 && ![401, 429].includes(error.status);
		if (final) {
			const reason = Object.values(error.errors)[0]?.[0] ?? error.message;
			this.#files.delete(id);
			this.#update(id, { status: 'refused', problem: { kind: 'refused', reason } });
			return this.#tell(id);
		}
		const failures = this.#failures.get(id) ?? 0;
		this.#failures.set(id, failures + 1);
		const pause = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
		const wished = error instanceof ApiError ? (error.retryAfter ?? 0) * 1000 : 0;
		this.#update(id, { status: 'failed', problem: { kind: 'failed' }, progress: 0 });
		this.#pauses.set(
			id,
			this.#deps.clock.after(Math.max(pause, wished), () => this.retry(id)),
		);
	}

	#tell(id: string): void {
		const upload = this.get(id);
		if (upload?.client_id) this.#deps.onDone(upload.client_id, upload);
	}

	#release({ id, preview }: Upload): void {
		this.#running.get(id)?.abort();
		this.#running.delete(id);
		this.#pauses.get(id)?.();
		this.#pauses.delete(id);
		this.#failures.delete(id);
		this.#files.delete(id);
		this.#since.delete(id);
		this.#restored.delete(id);
		if (preview) this.#deps.previews.drop(preview);
	}

	#update(id: string, change: Partial<Upload>): void {
		this.#set(this.list.map((upload) => (upload.id === id ? { ...upload, ...change } : upload)));
	}

	#set(list: readonly Upload[]): void {
		const places = new Set([...this.list, ...list].map(({ place }) => place));
		const before = this.list;
		this.list = list;
		for (const place of places) {
			const done = finished(list, place);
			if (done.join() !== finished(before, place).join()) this.#keep(place);
		}
		this.onChange();
	}

	/** What is uploaded outlives the page, in a key a composer. */
	#keep(place: string): void {
		const { storage, user_id, clock } = this.#deps;
		const key = prefixOf(user_id) + place;
		const kept = this.of(place).flatMap(({ id, attachment }) =>
			attachment ? [{ id, attachment, at: this.#since.get(id) ?? clock.now() }] : [],
		);
		if (kept.length > 0) keep(storage, key, JSON.stringify(kept));
		else storage.removeItem(key);
	}

	#restore(id: string, at: number): string {
		this.#restored.add(id);
		this.#since.set(id, at);
		return id;
	}

	#kept(key: string, place: string): Upload[] {
		const { storage, clock } = this.#deps;
		return parse(storage.getItem(key))
			.filter(({ at }) => clock.now() - at < KEPT_MS)
			.map(({ id, attachment, at }) => ({
				id: this.#restore(id, at),
				place,
				name: attachment.name,
				size: attachment.size,
				content_type: attachment.content_type,
				attachment,
				preview: null,
				status: 'done',
				progress: 1,
				problem: null,
				client_id: null,
			}));
	}
}

interface Kept {
	id: string;
	attachment: Attachment;
	at: number;
}

export const prefixOf = (user_id: string) => `${PREFIX}${user_id}.`;

function finished(list: readonly Upload[], place: string): string[] {
	return list
		.filter((upload) => upload.place === place && upload.attachment && !upload.client_id)
		.map(({ id }) => id);
}

function parse(text: string | null): Kept[] {
	try {
		const value: unknown = JSON.parse(text ?? '[]');
		if (!Array.isArray(value)) return [];
		return (value as Partial<Kept>[]).filter(
			(one): one is Kept => typeof one.attachment?.url === 'string',
		);
	} catch {
		return [];
	}
}
