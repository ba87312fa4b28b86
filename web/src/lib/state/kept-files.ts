import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

interface KeptFile {
	readonly account: string;
	readonly id: string;
	readonly file: File;
	readonly kept_at: number;
}

interface Schema extends DBSchema {
	files: { key: [string, string]; value: KeptFile };
}

/** All files of all accounts together. */
export const MOST_BYTES = 200_000_000;
/** Of what the browser would still give us, a part is left for everything else. */
const SHARE = 0.5;
/** What was put here in this time may not have its name in the storage yet, as other tabs see it. */
const FRESH_MS = 60_000;

/** The files that wait to be uploaded, where they outlive their page. */
export class KeptFiles {
	#name: string;
	#now: () => number;
	#db: Promise<IDBPDatabase<Schema>> | null = null;

	constructor(name = 'charla-files', now = Date.now) {
		this.#name = name;
		this.#now = now;
	}

	/** False where there is no room for it, or nothing can be kept at all. */
	async put(account: string, id: string, file: File): Promise<boolean> {
		try {
			const free = await freeBytes();
			const changes = (await this.#open()).transaction('files', 'readwrite');
			const all = await changes.store.getAll();
			const taken = all.reduce((sum, kept) => sum + kept.file.size, 0);
			if (taken + file.size > MOST_BYTES || file.size > free * SHARE) return false;
			await changes.store.put({ account, id, file, kept_at: this.#now() });
			await changes.done;
			return true;
		} catch (error) {
			console.warn('file not kept', error);
			return false;
		}
	}

	async get(account: string, id: string): Promise<File | null> {
		try {
			return (await (await this.#open()).get('files', [account, id]))?.file ?? null;
		} catch (error) {
			console.warn('file not read', error);
			return null;
		}
	}

	async remove(account: string, id: string): Promise<void> {
		await this.#clear(IDBKeyRange.only([account, id]));
	}

	/** Nothing of an account stays. */
	async forget(account: string): Promise<void> {
		await this.#clear(IDBKeyRange.bound([account], [account, []], false, true));
	}

	/** Forgets what nothing asks for any more. */
	async tidy(isWanted: (account: string, id: string) => boolean): Promise<void> {
		try {
			const changes = (await this.#open()).transaction('files', 'readwrite');
			for (const { account, id, kept_at } of await changes.store.getAll()) {
				const old = this.#now() - kept_at > FRESH_MS;
				if (old && !isWanted(account, id)) await changes.store.delete([account, id]);
			}
			await changes.done;
		} catch (error) {
			console.warn('files not tidied', error);
		}
	}

	async #clear(range: IDBKeyRange): Promise<void> {
		try {
			await (await this.#open()).delete('files', range);
		} catch (error) {
			console.warn('file not forgotten', error);
		}
	}

	#open(): Promise<IDBPDatabase<Schema>> {
		this.#db ??= openDB<Schema>(this.#name, 1, {
			upgrade(db) {
				db.createObjectStore('files', { keyPath: ['account', 'id'] });
			},
			blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
		});
		return this.#db;
	}
}

/** What the browser would still take; without an end where it does not tell. */
async function freeBytes(): Promise<number> {
	const { storage } = navigator as Partial<Navigator>;
	const { quota = Infinity, usage = 0 } = (await storage?.estimate?.()) ?? {};
	return quota - usage;
}

export const keptFiles = new KeptFiles();
