import type { Message } from '$lib/api/types';

const counted = new WeakMap<readonly Message[], ReadonlyMap<string, number>>();

/**
 * How many answers a message has. Answers raise no revision of what they answer: those that are
 * loaded count where the message was fetched before them.
 */
export function replyCount(message: Message, loaded: readonly Message[]): number {
	return Math.max(message.reply_count, countsIn(loaded).get(message.id) ?? 0);
}

function countsIn(loaded: readonly Message[]): ReadonlyMap<string, number> {
	const known = counted.get(loaded);
	if (known) return known;
	const counts = new Map<string, number>();
	for (const { reply_to, is_deleted } of loaded) {
		if (reply_to && !is_deleted) counts.set(reply_to.id, (counts.get(reply_to.id) ?? 0) + 1);
	}
	counted.set(loaded, counts);
	return counts;
}
