import { describe, expect, it } from 'vitest';
import { FakeClock } from '$lib/testing/fake-clock';
import { Outbox, type OutboxEntry } from './outbox';
import { outboxKey, outboxStorage } from './outbox-storage';

/** `localStorage` as far as it is used. */
class FakeStorage {
	setItem(key: string, value: string) {
		Object.defineProperty(this, key, { value, enumerable: true, configurable: true });
	}
	getItem(key: string): string | null {
		return (this as unknown as Record<string, string>)[key] ?? null;
	}
	removeItem(key: string) {
		Reflect.deleteProperty(this, key);
	}
}

function setUp(storage = new FakeStorage()) {
	const clock = new FakeClock();
	const sent: string[] = [];
	const committed: OutboxEntry[] = [];
	const world = { online: true };
	let ids = 0;
	const outbox = new Outbox({
		storage: outboxStorage(storage as unknown as Storage, 'me'),
		clock,
		newId: () => `c${++ids}`,
		send(entry) {
			if (world.online) sent.push(entry.client_id);
			return world.online;
		},
		onChange: () => undefined,
		onCommitted: (entry) => committed.push(entry),
	});
	const ack = (client_id: string, revision: number | null = 1) =>
		outbox.acknowledge({ client_id, id: 'm1', revision, created_at: '' });
	const reject = (client_id: string, code: string, retry_after: number | null = null) =>
		outbox.reject({
			action: 'send_message',
			client_id,
			code,
			detail: `no: ${code}`,
			errors: null,
			retry_after,
		});
	const statuses = () => outbox.entries.map(({ client_id, status }) => `${client_id} ${status}`);
	return { outbox, clock, sent, committed, world, storage, ack, reject, statuses };
}

describe('sending', () => {
	it('is done when acknowledged and seen', () => {
		const { outbox, sent, ack, statuses, storage } = setUp();
		outbox.add('room', 'hi', null);
		expect(statuses()).toEqual(['c1 sending']);
		ack('c1', 5);
		expect(statuses()).toEqual(['c1 committed']);
		expect(Object.keys(storage)).toEqual([]);
		outbox.seen([{ client_id: 'c1' }]);
		expect(statuses()).toEqual([]);
		expect(sent).toEqual(['c1']);
	});

	it('counts as done when the message is seen and its ack was lost', () => {
		const { outbox, clock, sent, statuses } = setUp();
		outbox.add('room', 'hi', null);
		outbox.seen([{ client_id: null }, { client_id: 'c1' }]);
		clock.advance(60_000);
		expect(statuses()).toEqual([]);
		expect(sent).toEqual(['c1']);
	});

	it('is repeated with the same name until it is answered', () => {
		const { outbox, clock, sent, ack } = setUp();
		outbox.add('room', 'hi', null);
		clock.advance(25_000);
		expect(sent).toEqual(['c1', 'c1', 'c1']);
		ack('c1');
		clock.advance(60_000);
		expect(sent).toHaveLength(3);
	});

	it('keeps the order of a room, and lets rooms go side by side', () => {
		const { outbox, sent, ack } = setUp();
		outbox.add('one', 'a', null);
		outbox.add('one', 'b', null);
		outbox.add('two', 'c', null);
		expect(sent).toEqual(['c1', 'c3']);
		ack('c1');
		expect(sent).toEqual(['c1', 'c3', 'c2']);
	});

	it('waits for a connection and then sends all', () => {
		const { outbox, sent, world, ack } = setUp();
		world.online = false;
		outbox.add('room', 'a', null);
		outbox.add('room', 'b', null);
		expect(sent).toEqual([]);
		world.online = true;
		outbox.connected();
		ack('c1');
		expect(sent).toEqual(['c1', 'c2']);
	});

	it('goes out again on a new socket when the old one died unanswered', () => {
		const { outbox, sent, clock } = setUp();
		outbox.add('room', 'a', null);
		outbox.disconnected();
		clock.advance(60_000);
		expect(sent).toEqual(['c1']);
		outbox.connected();
		expect(sent).toEqual(['c1', 'c1']);
	});

	it('forgets what was committed once the room has reached its revision', () => {
		const { outbox, ack, statuses, committed } = setUp();
		outbox.add('room', 'a', null);
		ack('c1', 7);
		expect(committed[0]?.revision).toBe(7);
		outbox.settle('room', 6);
		expect(statuses()).toEqual(['c1 committed']);
		outbox.settle('room', 7);
		expect(statuses()).toEqual([]);
	});

	it('ignores answers to other actions', () => {
		const { outbox, ack, reject } = setUp();
		ack('unknown');
		reject('unknown', 'forbidden');
		expect(outbox.entries).toEqual([]);
	});
});

describe('rejection', () => {
	it('stays visible with its reason, and lets the next one go', () => {
		const { outbox, sent, reject, statuses } = setUp();
		outbox.add('room', 'a', null);
		outbox.add('room', 'b', null);
		reject('c1', 'forbidden');
		expect(statuses()).toEqual(['c1 failed', 'c2 sending']);
		expect(outbox.entries[0]?.error).toBe('no: forbidden');
		expect(sent).toEqual(['c1', 'c2']);
	});

	it('can be tried again or dropped', () => {
		const { outbox, sent, reject, statuses, storage } = setUp();
		outbox.add('room', 'a', null);
		reject('c1', 'room_closed');
		outbox.retry('c1');
		expect(sent).toEqual(['c1', 'c1']);
		reject('c1', 'room_closed');
		outbox.drop('c1');
		expect(statuses()).toEqual([]);
		expect(Object.keys(storage)).toEqual([]);
	});

	it('for too many requests only pauses', () => {
		const { outbox, sent, clock, reject, statuses } = setUp();
		outbox.add('room', 'a', null);
		reject('c1', 'too_many_requests', 4);
		outbox.add('room', 'b', null);
		clock.advance(3_900);
		expect(sent).toEqual(['c1']);
		clock.advance(200);
		expect(sent).toEqual(['c1', 'c1']);
		expect(statuses()).toEqual(['c1 sending', 'c2 sending']);
	});
});

describe('reload', () => {
	it('brings back what was not answered, in order, for the same user alone', () => {
		const before = setUp();
		before.world.online = false;
		before.outbox.add('room', 'a', null);
		before.clock.advance(5);
		before.outbox.add('room', 'b', null);
		const after = setUp(before.storage);
		expect(after.statuses()).toEqual(['c1 sending', 'c2 sending']);
		after.outbox.connected();
		expect(after.sent).toEqual(['c1']);
		expect(outboxStorage(before.storage as unknown as Storage, 'other').load()).toEqual([]);
	});

	it('keeps a rejection', () => {
		const before = setUp();
		before.outbox.add('room', 'a', null);
		before.reject('c1', 'forbidden');
		const after = setUp(before.storage);
		after.outbox.connected();
		expect(after.statuses()).toEqual(['c1 failed']);
		expect(after.sent).toEqual([]);
	});

	it('adopts what another tab left behind', () => {
		const storage = new FakeStorage();
		const living = setUp(storage);
		const closed = setUp(storage);
		closed.world.online = false;
		closed.outbox.add('room', 'a', null);
		living.outbox.connected();
		expect(living.sent).toEqual(['c1']);
	});

	it('survives a broken entry', () => {
		const storage = new FakeStorage();
		storage.setItem('charla.outbox.me.c9', '{');
		expect(setUp(storage).statuses()).toEqual([]);
	});
});

it('knows its own keys', () => {
	expect(outboxKey('charla.outbox.me.c1', 'me')).toBe('c1');
	expect(outboxKey('charla.outbox.you.c1', 'me')).toBeNull();
	expect(outboxKey(null, 'me')).toBeNull();
});
