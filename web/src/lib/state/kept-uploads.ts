import type { Locks } from './browser-locks';
import { keptFiles, type KeptFiles } from './kept-files';
import type { OutboxEntry } from './outbox';
import type { Left, Uploads } from './uploads.svelte';

export interface KeptUploadsDeps {
	uploads: Uploads;
	files: KeptFiles;
	storage: Storage;
	user_id: string;
	locks: Locks;
	newId(): string;
	/** Whether a message is still to be sent. */
	waits(client_id: string): boolean;
}

/** What the storage says of a file, whose content is elsewhere. */
interface Note extends Left {
	/** The page that uploads it, unless its message says more. */
	owner: string;
	at: number;
}

const PREFIX = 'charla.kept.';

/**
 * Keeps the files that are not uploaded yet over the end of their page: what they are in a key each, at once, and their
 * content in a database. A page holds a lock for as long as it lives: whoever gets that takes over what it has left in
 * composers. The files of messages are taken over with those (`OutboxTabs`).
 */
export class KeptUploads {
	#deps: KeptUploadsDeps;
	#owner: string;
	#prefix: string;
	/** What this page has in the storage: a key and a value by the file's id. */
	#noted = new Map<string, { key: string; value: string }>();
	#last = 0;
	#stopped = false;
	#end: () => void = () => undefined;

	constructor(deps: KeptUploadsDeps) {
		this.#deps = deps;
		this.#owner = deps.newId();
		this.#prefix = `${PREFIX}${deps.user_id}.`;
	}

	start(): this {
		const { uploads, files, storage, locks } = this.#deps;
		const ended = new Promise<void>((end) => (this.#end = end));
		locks.hold(nameOf(this.#owner), () => ended);
		for (const owner of new Set(this.#notes().map((note) => note.owner))) {
			locks.hold(nameOf(owner), () => this.#adoptFrom(owner));
		}
		uploads.onChange = () => this.#follow();
		this.#follow();
		const wanted = new Set(Object.keys(storage).map(shortOf));
		void files.tidy((account, id) => wanted.has(`${account}.${id}`));
		return this;
	}

	/** What is kept stays. */
	stop(): void {
		this.#stopped = true;
		this.#deps.uploads.onChange = () => undefined;
		this.#end();
	}

	/** Goes on with the files of a message that nobody uploads any more; false where none is left. */
	async adopt({ client_id, files }: OutboxEntry): Promise<boolean> {
		const missing = files.filter(({ attachment }) => !attachment);
		const notes = new Map(this.#notes().map((note) => [note.id, note]));
		const left = missing.map(({ id, name, size, content_type }): Left => {
			const place = notes.get(id)?.place ?? '';
			return { id, place, name, size, content_type, client_id };
		});
		const found = await this.#withContent(left.filter(({ id }) => notes.has(id)));
		if (this.#stopped || !this.#deps.waits(client_id) || found.size === 0) return false;
		for (const one of left) this.#deps.uploads.restore(one, found.get(one.id) ?? null);
		return true;
	}

	/** Its page is closed: what stood in composers there stands here. */
	async #adoptFrom(owner: string): Promise<void> {
		if (this.#stopped) return;
		const left = this.#notes().filter((note) => note.owner === owner);
		for (const { id, place, client_id } of left) {
			if (client_id && !this.#deps.waits(client_id)) this.#drop(id, this.#keyOf(place, id));
		}
		const begun = left.filter(({ client_id }) => client_id === null);
		for (const note of begun) this.#store({ ...note, owner: this.#owner });
		const found = await this.#withContent(begun);
		for (const { id, place, name, size, content_type, client_id } of begun) {
			const key = this.#keyOf(place, id);
			// The room may be gone, or who wrote in it.
			if (this.#stopped || this.#deps.storage.getItem(key) === null) continue;
			const file = found.get(id) ?? null;
			if (!file) this.#drop(id, key);
			this.#deps.uploads.restore({ id, place, name, size, content_type, client_id }, file);
		}
	}

	/** Keeps what is yet to be uploaded, and nothing else. */
	#follow(): void {
		const { uploads, storage } = this.#deps;
		const going = uploads.list.filter(({ id, unkept }) => uploads.fileOf(id) && !unkept);
		const full: string[] = [];
		for (const { id, place, name, size, content_type, client_id } of going) {
			const before = parse(storage.getItem(this.#keyOf(place, id)));
			const at = before?.at ?? (this.#last = Math.max(Date.now(), this.#last + 1));
			const note = { id, place, name, size, content_type, client_id, owner: this.#owner, at };
			// Who has been forgotten elsewhere is not written down again.
			if (!before && this.#noted.has(id)) continue;
			if (!this.#write(note)) full.push(id);
			else if (!before) void this.#keep(id);
		}
		for (const [id, { key }] of this.#noted) {
			if (!going.some((upload) => upload.id === id)) this.#drop(id, key);
		}
		for (const id of full) uploads.markUnkept(id);
	}

	async #keep(id: string): Promise<void> {
		const { uploads, files, user_id, storage } = this.#deps;
		const file = uploads.fileOf(id);
		const key = this.#noted.get(id)?.key;
		if (!file || !key) return;
		const kept = await files.put(user_id, id, file);
		// Uploaded, removed or signed out meanwhile.
		if (storage.getItem(key) === null) return files.remove(user_id, id);
		if (kept) return;
		storage.removeItem(key);
		this.#noted.delete(id);
		if (!this.#stopped) uploads.markUnkept(id);
	}

	#write(note: Note): boolean {
		const value = JSON.stringify(note);
		if (this.#noted.get(note.id)?.value === value) return true;
		if (!this.#store(note)) return false;
		this.#noted.set(note.id, { key: this.#keyOf(note.place, note.id), value });
		return true;
	}

	#store(note: Note): boolean {
		try {
			this.#deps.storage.setItem(this.#keyOf(note.place, note.id), JSON.stringify(note));
			return true;
		} catch (error) {
			console.warn('file not noted', error);
			return false;
		}
	}

	#drop(id: string, key: string): void {
		const { files, storage, user_id } = this.#deps;
		this.#noted.delete(id);
		storage.removeItem(key);
		void files.remove(user_id, id);
	}

	async #withContent(left: readonly Left[]): Promise<Map<string, File>> {
		const { files, user_id } = this.#deps;
		const found = new Map<string, File>();
		for (const { id, name, content_type: type } of left) {
			const content = await files.get(user_id, id);
			if (content) found.set(id, new File([content], name, { type }));
		}
		return found;
	}

	/** In the order in which they were added. */
	#notes(): Note[] {
		const { storage } = this.#deps;
		const keys = Object.keys(storage).filter((key) => key.startsWith(this.#prefix));
		const notes = keys.flatMap((key) => parse(storage.getItem(key)) ?? []);
		return notes.sort((a, b) => a.at - b.at);
	}

	#keyOf(place: string, id: string): string {
		return `${this.#prefix}${place}.${id}`;
	}
}

const nameOf = (owner: string) => `charla.kept.${owner}`;

/** Of a key, the account and the file. */
function shortOf(key: string): string {
	const parts = key.startsWith(PREFIX) ? key.split('.') : [];
	return `${parts[2]}.${parts.at(-1)}`;
}

function parse(text: string | null): Note | null {
	try {
		const note = JSON.parse(text ?? 'null') as Partial<Note> | null;
		return typeof note?.id === 'string' && typeof note.owner === 'string' ? (note as Note) : null;
	} catch {
		return null;
	}
}

export function keepUploads(deps: Omit<KeptUploadsDeps, 'files' | 'storage'>): KeptUploads {
	return new KeptUploads({ ...deps, files: keptFiles, storage: localStorage }).start();
}
