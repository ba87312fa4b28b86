import { beforeEach, describe, expect, it } from 'vitest';
import type { FriendRequest, Message, Page, Room } from '$lib/api/types';
import type { HelloRoom, ServerEvent } from '$lib/realtime/protocol';
import { settled } from '$lib/testing/fake-clock';
import { ana, luis, message, room } from '$lib/testing/messages';
import { Inbox, type InboxDeps } from './inbox.svelte';

const now = new Date('2026-03-10T12:00:00Z');
const mention = (seq: number, over: Partial<Message> = {}) =>
	message(seq, { mentions: ['luis'], ...over });
const reply = (seq: number, over: Partial<Message> = {}) =>
	message(seq, { reply_to: quoteOf(luis), ...over });
const quoteOf = (sender: typeof luis): Message['reply_to'] => ({
	id: 'quoted',
	sender,
	content: 'before',
	message_type: 'text',
	is_deleted: false,
	system: null,
});
const page = (results: Message[], next: string | null = null): Page<Message> => ({
	results,
	next,
	previous: null,
});

let tell: (event: ServerEvent) => void;
let mentioned: Record<string, Page<Message>>;
let replied: Record<string, Page<Message>>;
let asked: string[];
let firstUnread: number | null;
let list: Room[];
let incoming: FriendRequest[];
let hold: (() => Promise<void>) | null;
let inbox: Inbox;

beforeEach(() => {
	mentioned = { first: page([]) };
	replied = { first: page([]) };
	asked = [];
	firstUnread = null;
	list = [room('room')];
	incoming = [];
	hold = null;
	inbox = new Inbox(deps());
});

function deps(): InboxDeps {
	const answer = async (pages: Record<string, Page<Message>>, name: string) => {
		const found = pages[name];
		await hold?.();
		if (!found) throw new Error('away');
		return found;
	};
	return {
		my_id: 'luis',
		api: {
			mentions: (next) => {
				asked.push(`mentions ${next ?? 'first'}`);
				return answer(mentioned, next ?? 'first');
			},
			replies: (next) => {
				asked.push(`replies ${next ?? 'first'}`);
				return answer(replied, next ?? 'first');
			},
			firstUnread: async (id) => {
				asked.push(`unread ${id}`);
				return firstUnread;
			},
		},
		rooms: {
			get list() {
				return list;
			},
			loaded: true,
		},
		friends: {
			get incoming() {
				return incoming;
			},
		},
		listen: (handler) => (tell = handler),
		now: () => now,
	};
}

/** The state as a page would see it: what is given from outside is not reactive here. */
const seen = () => {
	const fresh = inbox.items;
	return fresh.map(({ kind, id, unread }) => `${kind} ${id}${unread ? ' *' : ''}`);
};
const hello = (...rooms: HelloRoom[]) =>
	tell({ type: 'hello', data: { user: luis, server_time: '', heartbeat_s: 30, rooms } });
const told = (type: 'message' | 'message_edited' | 'message_deleted', data: Message) =>
	tell({ type, room_id: data.room, data });
const readUpTo = (seq: number) =>
	tell({
		type: 'read_state',
		data: { room_id: 'room', up_to: `m${seq}`, seq, unread_count: 1, mention_count: 0 },
	});

describe('what is in it', () => {
	it('are mentions, replies and requests, the newest first', async () => {
		mentioned.first = page([mention(9), mention(2)]);
		replied.first = page([reply(10), mention(9, { reply_to: quoteOf(luis) }), reply(7)]);
		incoming = [
			{ id: 'asks', sender: ana, receiver: luis, created_at: new Date(8_500).toISOString() },
		];
		await inbox.load();
		expect(seen()).toEqual(['reply m10', 'mention m9', 'request asks *', 'reply m7', 'mention m2']);
		expect(inbox.hasMore).toBe(false);
	});

	it('leaves out rooms that one is no longer in', async () => {
		mentioned.first = page([mention(9), mention(8, { room: 'left' })]);
		await inbox.load();
		expect(seen()).toEqual(['mention m9']);
	});

	it('goes further back, to the next pages of mentions and replies', async () => {
		mentioned = { first: page([mention(90)], 'm2'), m2: page([mention(20)]) };
		replied = { first: page([reply(95)], 'r2'), r2: page([reply(10)], 'r3') };
		await inbox.load();
		asked = [];
		await inbox.more();
		expect(seen()).toEqual(['reply m95', 'mention m90', 'mention m20', 'reply m10']);
		expect(asked).toEqual(['mentions m2', 'replies r2']);
		expect(inbox.hasMore).toBe(true);
		// The next page is not to be had.
		await inbox.more();
		expect(inbox.moreFailed).toBe(true);
		expect(inbox.busy).toBe(false);
	});

	it('goes further back also where it begins anew meanwhile', async () => {
		mentioned = { first: page([mention(90)], 'm2'), m2: page([mention(20)]) };
		await inbox.load();
		const held: (() => void)[] = [];
		hold = () => new Promise<void>((release) => held.push(release));
		const going = inbox.more();
		await settled();
		hello();
		await settled();
		hold = null;
		for (const go of held) go();
		await going;
		expect(seen()).toEqual(['mention m90', 'mention m20']);
		expect(inbox.busy).toBe(false);
	});

	it('says where it could not be loaded, and tries again', async () => {
		delete mentioned.first;
		await inbox.load();
		expect(inbox.failed).toBe(true);
		expect(inbox.loaded).toBe(false);
		mentioned.first = page([mention(3)]);
		await inbox.load();
		expect(inbox.failed).toBe(false);
		expect(seen()).toEqual(['mention m3']);
	});
});

describe('what happens meanwhile', () => {
	it('comes, changes and goes', async () => {
		await inbox.load();
		told('message', mention(1));
		told('message', reply(2));
		told('message', message(3));
		told('message', mention(4, { sender: luis }));
		told('message', message(5, { mentions_room: true }));
		expect(seen()).toEqual(['mention m5', 'reply m2', 'mention m1']);
		told('message_edited', mention(3, { revision: 6 }));
		told('message_edited', message(1, { revision: 7 }));
		told('message_deleted', message(2, { revision: 8, is_deleted: true }));
		expect(seen()).toEqual(['mention m5', 'mention m3']);
		tell({ type: 'profile_updated', data: { ...ana, display_name: 'Ana Luz' } });
		const [first] = inbox.items;
		expect(first?.kind !== 'request' && first?.message.sender.display_name).toBe('Ana Luz');
	});

	it('is not lost while an answer is on its way', async () => {
		mentioned.first = page([mention(1), mention(2)]);
		const held: (() => void)[] = [];
		hold = () => new Promise<void>((release) => held.push(release));
		const loading = inbox.load();
		told('message', mention(3));
		told('message_deleted', message(2, { revision: 4, is_deleted: true }));
		for (const go of held) go();
		await loading;
		expect(seen()).toEqual(['mention m3', 'mention m1']);
	});

	it('is asked for again after a pause', async () => {
		await inbox.load();
		mentioned.first = page([mention(1)]);
		hello();
		await settled();
		expect(seen()).toEqual(['mention m1']);
	});

	it('goes with the history of a room', async () => {
		mentioned.first = page([mention(1)]);
		await inbox.load();
		tell({ type: 'room_added', data: room('room') });
		expect(seen()).toEqual([]);
	});
});

describe('what is unread', () => {
	beforeEach(() => {
		mentioned.first = page([mention(9), mention(5)]);
		replied.first = page([reply(8)]);
	});

	it('follows from how far one has read', async () => {
		list = [room('room', { unread_count: 2, mention_count: 1 })];
		firstUnread = 8;
		await inbox.load();
		inbox.settle();
		inbox.settle();
		await settled();
		expect(asked.filter((one) => one.startsWith('unread'))).toEqual(['unread room']);
		expect(seen()).toEqual(['mention m9 *', 'reply m8 *', 'mention m5']);
		readUpTo(8);
		expect(seen()).toEqual(['mention m9 *', 'reply m8', 'mention m5']);
	});

	it('is nothing in a room that is read to its end, which is not asked for', async () => {
		await inbox.load();
		inbox.settle();
		expect(asked.some((one) => one.startsWith('unread'))).toBe(false);
		expect(seen()).toEqual(['mention m9', 'reply m8', 'mention m5']);
	});

	it('begins with the first message that comes to a room that was read', async () => {
		await inbox.load();
		list = [room('room', { unread_count: 1, mention_count: 1 })];
		told('message', mention(10));
		expect(seen()).toEqual(['mention m10 *', 'mention m9', 'reply m8', 'mention m5']);
		inbox.settle();
		expect(asked.some((one) => one.startsWith('unread'))).toBe(false);
	});

	it('counts mentions as the rooms say, replies, and requests; what is muted does not', async () => {
		list = [
			room('room', { unread_count: 2, mention_count: 1 }),
			room('muted', { unread_count: 7, mention_count: 7, muted_until: '2026-03-10T13:00:00Z' }),
		];
		incoming = [{ id: 'asks', sender: ana, receiver: luis, created_at: now.toISOString() }];
		hello({ id: 'room', revision: 9, unread_count: 2, mention_count: 1 });
		await settled();
		expect(asked).toEqual(['replies first']);
		readUpTo(7);
		expect(inbox.count).toBe(3);
		readUpTo(8);
		expect(inbox.count).toBe(2);
	});

	it('is not looked for where nothing is unread', async () => {
		hello({ id: 'room', revision: 9, unread_count: 0, mention_count: 0 });
		await settled();
		expect(asked).toEqual([]);
	});
});
