import { expect, it } from 'vitest';
import type { Me } from '$lib/api/types';
import { ana, luis, message } from '$lib/testing/messages';
import { byDay, reuse, toBubbles } from './bubbles';
import type { OutboxEntry } from './outbox';

const me = { ...ana } as Me;
const context = { me, readSeq: 0, unreadSeq: null };
const noon = new Date(2026, 4, 5, 12).getTime();
const at = (minutes: number) => new Date(noon + minutes * 60_000).toISOString();

function pending(client_id: string, over: Partial<OutboxEntry> = {}): OutboxEntry {
	return {
		client_id,
		room_id: 'room',
		content: client_id,
		reply_to: null,
		files: [],
		created_at: at(0),
		status: 'sending',
		error: null,
		revision: null,
		tried: false,
		...over,
	};
}

it('keeps the key of what we sent when it arrives', () => {
	const [before] = toBubbles([], [pending('c1')], context);
	const [after] = toBubbles([message(1, { client_id: 'c1' })], [], context);
	expect(after?.key).toBe(before?.key);
	expect([before?.status, after?.status]).toEqual(['sending', 'sent']);
});

it('shows the files of what is on its way', () => {
	const file = { id: 'f', name: 'a.png', size: 7, content_type: 'image/png', attachment: null };
	const [bubble] = toBubbles([], [pending('c1', { files: [file] })], context);
	expect(bubble?.files).toEqual([file]);
	expect(toBubbles([message(1)], [], context)[0]?.files).toEqual([]);
});

it('shows what is both pending and there only once', () => {
	const bubbles = toBubbles([message(1, { client_id: 'c1' })], [pending('c1')], context);
	expect(bubbles).toHaveLength(1);
});

it("does not trust others' client ids", () => {
	const theirs = [1, 2].map((seq) => message(seq, { client_id: 'c1', sender: luis }));
	const bubbles = toBubbles(theirs, [pending('c1')], context);
	expect(new Set(bubbles.map(({ key }) => key)).size).toBe(3);
	expect(bubbles[0]?.client_id).toBeNull();
});

it('groups what somebody says within minutes', () => {
	const messages = [
		message(1, { created_at: at(0) }),
		message(2, { created_at: at(4) }),
		message(3, { created_at: at(10) }),
		message(4, { created_at: at(11), sender: luis }),
		message(5, { created_at: at(12), sender: luis, message_type: 'system' }),
		message(6, { created_at: at(13), sender: luis }),
		message(7, { created_at: at(14), sender: luis }),
	];
	const starts = toBubbles(messages, [], { ...context, unreadSeq: 7 });
	expect(starts.map(({ startsGroup }) => startsGroup)).toEqual([
		true,
		false,
		true,
		true,
		false,
		true,
		true,
	]);
	expect(starts.at(-1)?.startsUnread).toBe(true);
});

it('begins a day with a heading', () => {
	const days = [message(1, { created_at: at(0) }), message(2, { created_at: at(24 * 60) })];
	expect(toBubbles(days, [], context).map(({ startsDay }) => startsDay)).toEqual([true, true]);
});

it('leaves alone what has not changed', () => {
	const messages = [message(1), message(2), message(3)];
	const before = toBubbles(messages, [], context);
	const changed = [message(1, { content: 'edited' }), ...messages.slice(1), message(4)];
	const now = reuse(before, toBubbles(changed, [], context));
	expect(now.map((bubble) => before.includes(bubble))).toEqual([false, true, true, false]);
	expect(now[0]?.content).toBe('edited');
	const read = toBubbles(messages, [], { ...context, readSeq: 1 });
	expect(reuse(before, read)[0]?.status).toBe('read');
});

it('puts each day under one heading, also where a clock was set back', () => {
	const minutes = [0, 1, 24 * 60, 2, 24 * 60 + 1];
	const messages = minutes.map((one, index) => message(index + 1, { created_at: at(one) }));
	const days = byDay(toBubbles(messages, [], context));
	expect(days.map(({ bubbles }) => bubbles.length)).toEqual([2, 1, 1, 1]);
	expect(new Set(days.map(({ key }) => key)).size).toBe(4);
	expect(byDay([])).toEqual([]);
});

it('has no status for system messages and others', () => {
	const messages = [message(1, { message_type: 'system' }), message(2, { sender: luis })];
	expect(toBubbles(messages, [], context).map(({ status }) => status)).toEqual([null, null]);
});
