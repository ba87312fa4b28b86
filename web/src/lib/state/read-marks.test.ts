import { expect, it } from 'vitest';
import { ana, luis, message } from '$lib/testing/messages';
import {
	firstUnread,
	firstUnreadIn,
	readUpTo,
	statusOf,
	statusOfPending,
	unreadAfter,
} from './read-marks';

const messages = [
	message(1),
	message(2, { sender: luis }),
	message(3, { message_type: 'system', sender: luis }),
	message(4, { sender: luis }),
	message(5, { sender: luis, is_deleted: true }),
];

it('reads all before a message that was read', () => {
	const mine = [message(1), message(4, { read_by_count: 1 }), message(6)];
	const readSeq = readUpTo(mine, 0, ana.id);
	expect(mine.map((one) => statusOf(one, readSeq))).toEqual(['read', 'read', 'sent']);
	expect(readUpTo(mine, 9, ana.id)).toBe(9);
});

it('names the stages of a pending message', () => {
	expect(['sending', 'committed', 'failed'].map((s) => statusOfPending(s as 'sending'))).toEqual([
		'sending',
		'sent',
		'failed',
	]);
});

it("counts others' messages that say something", () => {
	expect(unreadAfter(messages, 0, ana.id)).toBe(2);
	expect(unreadAfter(messages, 2, ana.id)).toBe(1);
	expect(unreadAfter(messages, 4, ana.id)).toBe(0);
});

it('finds where the unread ones begin', () => {
	expect(firstUnread(messages, 0, ana.id)).toBeNull();
	expect(firstUnread(messages, 1, ana.id)).toBe(4);
	expect(firstUnread(messages, 2, ana.id)).toBe(2);
	expect(firstUnread(messages, 99, ana.id)).toBe(2);
	expect(firstUnread([], 1, ana.id)).toBeNull();
});

it('finds where they begin in a page around them', () => {
	const results = [1, 2, 3, 4, 5, 6].map((seq) => message(seq, { sender: luis }));
	const page = { results, next: 'older', previous: 'newer', revision: 99 };
	expect(firstUnreadIn(page, 3, 40, ana.id)).toBe(4);
	// The room begins with two read ones: three follow where they begin, as always.
	expect(firstUnreadIn({ ...page, next: null, results: results.slice(1) }, 3, 40, ana.id)).toBe(4);
	expect(firstUnreadIn({ ...page, previous: null }, 3, 2, ana.id)).toBe(5);
	expect(firstUnreadIn({ ...page, previous: null }, 3, 0, ana.id)).toBeNull();
});
