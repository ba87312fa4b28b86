export const DRAFT_PREFIX = 'charla.draft.';
export const THREAD_PREFIX = 'charla.thread.';
/** What forgetting leaves behind would be somebody's all the same. */
const FORGOTTEN = [DRAFT_PREFIX, THREAD_PREFIX, 'charla.files.'];

/** Who signs out leaves nothing unsent behind. */
export function forgetDrafts(storage: Storage, user_id: string): void {
	const prefixes = FORGOTTEN.map((prefix) => `${prefix}${user_id}.`);
	for (const key of Object.keys(storage)) {
		if (prefixes.some((prefix) => key.startsWith(prefix))) storage.removeItem(key);
	}
}
