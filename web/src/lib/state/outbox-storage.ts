import { keep } from './keep.svelte';
import type { OutboxEntry, OutboxStorage } from './outbox';

const PREFIX = 'charla.outbox.';

/**
 * One key an entry, so that two tabs never overwrite each other's list, and one set a user, so that
 * what somebody wrote waits for them alone. Storage may be full or forbidden: the entry then lives in memory only.
 */
export function outboxStorage(storage: Storage, user_id: string): OutboxStorage {
	const prefix = `${PREFIX}${user_id}.`;
	return {
		load() {
			const entries: OutboxEntry[] = [];
			for (const key of Object.keys(storage).filter((name) => name.startsWith(prefix))) {
				const entry = parseEntry(storage.getItem(key));
				if (entry) entries.push(entry);
			}
			return entries;
		},
		put(entry) {
			keep(storage, prefix + entry.client_id, JSON.stringify(entry));
		},
		remove(client_id) {
			storage.removeItem(prefix + client_id);
		},
	};
}

/** The `client_id` of a storage key of this user's outbox, or null for any other key. */
export function outboxKey(key: string | null, user_id: string): string | null {
	const prefix = `${PREFIX}${user_id}.`;
	return key?.startsWith(prefix) ? key.slice(prefix.length) : null;
}

export function parseEntry(text: string | null): OutboxEntry | null {
	try {
		const value = JSON.parse(text ?? 'null') as Partial<OutboxEntry> | null;
		if (typeof value?.client_id !== 'string' || typeof value.content !== 'string') return null;
		const { tried = false, files = [] } = value;
		return { ...(value as OutboxEntry), tried, files };
	} catch {
		return null;
	}
}
