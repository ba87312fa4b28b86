import type { Message, MessagePage } from '$lib/api/types';
import type { OutboxStatus } from './outbox';
import { countsAsUnread } from './room-list';

/** What `data-status` of a message of mine says. */
export type MessageStatus = 'sending' | 'sent' | 'read' | 'failed';

/**
 * Up to which `seq` somebody else has read: reading a message reads all before it, so one known
 * reader of a late message settles the earlier ones too.
 */
export function readUpTo(messages: readonly Message[], cursor: number, myId: string): number {
	return messages.reduce(
		(max, { seq, sender, read_by_count }) =>
			sender.id === myId && read_by_count > 0 ? Math.max(max, seq) : max,
		cursor,
	);
}

export function statusOf(message: Message, readSeq: number): MessageStatus {
	return message.seq <= readSeq ? 'read' : 'sent';
}

export function statusOfPending(status: OutboxStatus): MessageStatus {
	return status === 'committed' ? 'sent' : status;
}

/** How many stay unread among the loaded messages when everything up to `seq` has been read. */
export function unreadAfter(messages: readonly Message[], seq: number, myId: string): number {
	return messages.filter((message) => message.seq > seq && countsAsUnread(message, myId)).length;
}

/** The `seq` of the oldest of the last `unread` messages that count, where the "new" line belongs. */
export function firstUnread(
	messages: readonly Message[],
	unread: number,
	myId: string,
): number | null {
	if (unread <= 0) return null;
	const counted = messages.filter((message) => countsAsUnread(message, myId));
	return counted[Math.max(0, counted.length - unread)]?.seq ?? null;
}

/**
 * The same in the page that `around=first_unread` leads to, which has `before` messages in front of
 * it unless the room begins sooner. Where the page ends with the newest it is counted from the end.
 */
export function firstUnreadIn(
	{ results, next, previous }: MessagePage,
	before: number,
	unread: number,
	myId: string,
): number | null {
	if (previous === null) return firstUnread(results, unread, myId);
	const after = results.length - before;
	const index = next === null ? after : before;
	return results.slice(Math.max(0, index)).find((one) => countsAsUnread(one, myId))?.seq ?? null;
}
