import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Me, Message, Room } from '$lib/api/types';

/** Of an account: who it is, and its rooms as they were. */
export interface KeptAccount {
	readonly id: string;
	readonly me: Me;
	readonly rooms: readonly Room[];
}

/** The newest messages of a room, complete up to `revision`. */
export interface KeptPage {
	readonly account: string;
	readonly room: string;
	readonly messages: readonly Message[];
	readonly hasOlder: boolean;
	readonly revision: number;
	readonly kept_at: number;
}

interface Schema extends DBSchema {
	accounts: { key: string; value: KeptAccount };
	pages: {
		key: [string, string];
		value: KeptPage;
		indexes: { by_time: [string, number] };
	};
}

/** Another shape of what is kept takes another number: what there was is forgotten. */
const VERSION = 1;
const MAX_ROOMS = 300;
const MAX_PAGES = 30;
export const MAX_KEPT_MESSAGES = 50;

/** A store that is blocked or forbidden must not hold anything up. */
const PATIENCE_MS = 3_000;

/**
 * What this device shows before the server has answered: never more than a beginning, which is then
 * compared with the server's answer. Where nothing can be kept, nothing is found.
 */
export class Snapshot {
	#name: string;
	#db: Promise<IDBPDatabase<Schema>> | null = null;

	constructor(name = 'charla') {
		this.#name = name;
	}

	async account(id: string): Promise<KeptAccount | null> {
		return this.#read((db) => db.get('accounts', id));
	}

	async page(account: string, room: string): Promise<KeptPage | null> {
		return this.#read((db) => db.get('pages', [account, room]));
	}

	/**
	 * Keeps an account with some of its rooms' pages. `still` is asked at the last moment: who has signed out
	 * meanwhile leaves nothing. What is too old or too much goes, and so do pages of rooms that are no more.
	 */
	async save(
		account: KeptAccount,
		pages: readonly KeptPage[],
		still: () => boolean,
	): Promise<void> {
		await this.#write(async (db) => {
			if (!still()) return;
			const changes = db.transaction(['accounts', 'pages'], 'readwrite');
			const store = changes.objectStore('pages');
			const rooms = account.rooms.slice(0, MAX_ROOMS);
			const known = new Set(rooms.map(({ id }) => id));
			const writes: Promise<unknown>[] = [
				changes.objectStore('accounts').put({ ...account, rooms }),
				...pages.map((page) =>
					store.put({ ...page, messages: page.messages.slice(-MAX_KEPT_MESSAGES) }),
				),
			];
			const keys = await store.index('by_time').getAllKeys(timesOf(account.id));
			const last = keys.slice(-MAX_PAGES);
			for (const key of keys) {
				if (!known.has(key[1]) || !last.includes(key)) writes.push(store.delete(key));
			}
			await Promise.all([...writes, changes.done]);
		});
	}

	/** Forgets one room, or all that an account has left here. */
	async forget(account: string, room: string | null = null): Promise<void> {
		await this.#write(async (db) => {
			if (room !== null) return db.delete('pages', [account, room]);
			const changes = db.transaction(['accounts', 'pages'], 'readwrite');
			await Promise.all([
				changes.objectStore('accounts').delete(account),
				changes
					.objectStore('pages')
					.delete(IDBKeyRange.bound([account], [account, []], false, true)),
				changes.done,
			]);
		});
	}

	async #read<T>(get: (db: IDBPDatabase<Schema>) => Promise<T | undefined>): Promise<T | null> {
		let timer: ReturnType<typeof setTimeout> | undefined;
		const late = new Promise<null>((give) => (timer = setTimeout(() => give(null), PATIENCE_MS)));
		try {
			return (await Promise.race([this.#open().then(get), late])) ?? null;
		} catch (error) {
			console.warn('nothing read from the snapshot', error);
			return null;
		} finally {
			clearTimeout(timer);
		}
	}

	async #write(put: (db: IDBPDatabase<Schema>) => Promise<void>): Promise<void> {
		try {
			await put(await this.#open());
		} catch (error) {
			console.warn('snapshot not written', error);
		}
	}

	#open(): Promise<IDBPDatabase<Schema>> {
		this.#db ??= openDB<Schema>(this.#name, VERSION, {
			upgrade(db) {
				for (const name of db.objectStoreNames) db.deleteObjectStore(name);
				db.createObjectStore('accounts', { keyPath: 'id' });
				const pages = db.createObjectStore('pages', { keyPath: ['account', 'room'] });
				pages.createIndex('by_time', ['account', 'kept_at']);
			},
			// A newer version in another tab goes first; this one does without.
			blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
		});
		return this.#db;
	}
}

function timesOf(account: string): IDBKeyRange {
	return IDBKeyRange.bound([account, 0], [account, Infinity]);
}

export const snapshot = new Snapshot();
