/** Keys of a device rather than of an account, that tell of whoever used it all the same. */
const TELLING = /^charla\.(access|emoji)/;

/** What is begun in a room and not sent: `charla.<kind>.<account>.<room>`. */
const BEGUN = /^charla\.(?:draft|files|kept|thread)\.([^.]+)\.([^.]+)/;

/** Whether something of this account is kept on this device alone: files, words in threads, deletions still to be told. */
export function keepsOnlyHere(storage: Storage, user_id: string): boolean {
	const kinds = ['files', 'kept', 'thread', 'deletion'].map((kind) => `charla.${kind}.${user_id}.`);
	return Object.keys(storage).some((key) => kinds.some((kind) => key.startsWith(kind)));
}

/** The rooms in which somebody has begun something on this device. */
export function roomsBegun(storage: Storage, user_id: string): string[] {
	return Object.keys(storage).flatMap((key) => {
		const [, owner, room] = BEGUN.exec(key) ?? [];
		return owner === user_id && room ? [room] : [];
	});
}

/** Forgets what bears all these names: of an account, or of one of its rooms. */
export function forgetNamed(storage: Storage, ...names: string[]): void {
	for (const key of Object.keys(storage)) {
		const parts = key.split('.');
		if (names.every((name) => parts.includes(name))) storage.removeItem(key);
	}
}

/** What was written and never sent: `charla.<kind>.<account>.…`. */
const UNSENT = /^charla\.(?:outbox|draft|thread|files|kept|deletion)\./;

/**
 * Whose session was ended from elsewhere has not decided to leave: what they have not sent waits for them. All else of them
 * goes, and so does what somebody else wrote and they were answering.
 */
export function forgetAllButUnsent(storage: Storage, user_id: string): void {
	for (const key of Object.keys(storage)) {
		if (TELLING.test(key)) storage.removeItem(key);
		if (!key.split('.').includes(user_id)) continue;
		const kept = UNSENT.test(key) ? withoutOthers(storage.getItem(key) ?? '') : null;
		if (kept === null) storage.removeItem(key);
		else storage.setItem(key, kept);
	}
}

/** Null for what the server has: a draft that it has taken, a message that it has acknowledged. */
function withoutOthers(text: string): string | null {
	if (!text.startsWith('{')) return text;
	try {
		const value = JSON.parse(text) as {
			reply_to?: { content: string } | null;
			unsent?: boolean;
			status?: string;
		};
		if (value.unsent === false || value.status === 'committed') return null;
		const { reply_to } = value;
		return reply_to ? JSON.stringify({ ...value, reply_to: { ...reply_to, content: '' } }) : text;
	} catch {
		// The beginning of an answer in a thread is plain text.
		return text;
	}
}

/** Who signs out leaves nothing behind. */
export function forgetAccount(storage: Storage, user_id: string): void {
	forgetNamed(storage, user_id);
	for (const key of Object.keys(storage)) if (TELLING.test(key)) storage.removeItem(key);
}
