import { describe, expect, it, vi } from 'vitest';
import { FakeClock } from '$lib/testing/fake-clock';
import { attachment } from '$lib/testing/attachment';
import { Outbox, type OutboxEntry, type OutboxFile } from './outbox';
import { storing } from './keep.svelte';
import { outboxKey, outboxStorage, parseEntry } from './outbox-storage';

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

function setUp(storage = new FakeStorage(), leads = true) {
	const clock = new FakeClock();
	const sent: string[] = [];
	const committed: OutboxEntry[] = [];
	const world = { online: true, paused: new Map<string, number>() };
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
		onPaused(room_id, until) {
			if (until === null) world.paused.delete(room_id);
			else world.paused.set(room_id, until);
		},
		leads,
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
			until: null,
		});
	const statuses = () => outbox.entries.map(({ client_id, status }) => `${client_id} ${status}`);
	return { outbox, clock, sent, committed, world, storage, ack, reject, statuses };
}

describe('sending', () => {
	it('sends nothing that no server could read', () => {
		const { outbox } = setUp();
		expect(outbox.add('r', 'Half \ud83d of it, whole 🌹', null).content).toBe(
			'Half \ufffd of it, whole 🌹',
		);
	});

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

describe('what may have arrived', () => {
	it('is what has gone out and was not answered, also after a reload', () => {
		const { outbox, world, storage } = setUp();
		outbox.add('room', 'a', null);
		world.online = false;
		outbox.disconnected();
		outbox.add('room', 'b', null);
		expect(outbox.entries.map(({ tried }) => tried)).toEqual([true, false]);
		expect(setUp(storage).outbox.entries.map(({ tried }) => tried)).toEqual([true, false]);
	});

	it('is not what was refused, for now or for good', () => {
		const { outbox, reject } = setUp();
		outbox.add('one', 'a', null);
		outbox.add('two', 'b', null);
		reject('c1', 'too_many_requests', 2);
		reject('c2', 'forbidden');
		expect(outbox.entries.map(({ tried }) => tried)).toEqual([false, false]);
	});

	it.each(['unavailable', 'internal'])(
		'is what was answered %s: the commit may have gone through',
		(code) => {
			const { outbox, clock, sent, reject, storage } = setUp();
			outbox.add('room', 'a', null);
			reject('c1', code);
			expect(outbox.entries[0]?.tried).toBe(true);
			expect(setUp(storage).outbox.entries[0]?.tried).toBe(true);
			clock.advance(2_000);
			expect(sent).toEqual(['c1', 'c1']);
		},
	);

	it.each(['too_many_requests', 'session_ended', 'room_closed'])(
		'stays so with a later attempt that is refused: %s',
		(code) => {
			const { outbox, clock, reject, ack, statuses } = setUp();
			outbox.add('unanswered', 'a', null);
			outbox.add('unsure', 'b', null);
			reject('c2', 'unavailable');
			clock.advance(11_000);
			for (const name of ['c1', 'c2']) reject(name, code);
			// Of an attempt that was given up, the answer may come late.
			reject('c1', code);
			expect(outbox.entries.map(({ tried }) => tried)).toEqual([true, true]);
			for (const name of ['c1', 'c2']) outbox.retry(name);
			ack('c1');
			expect(statuses()[0]).toBe('c1 committed');
		},
	);

	it('is not what a later attempt has still to settle where none before was in doubt', () => {
		const { outbox, clock, sent, reject } = setUp();
		outbox.add('room', 'a', null);
		reject('c1', 'too_many_requests', 1);
		clock.advance(1_000);
		expect(sent).toEqual(['c1', 'c1']);
		expect(outbox.entries[0]?.tried).toBe(true);
		reject('c1', 'too_many_requests', 1);
		expect(outbox.entries[0]?.tried).toBe(false);
	});

	it('is not what was stored before this was noted', () => {
		const { outbox, storage } = setUp();
		outbox.add('room', 'a', null);
		const kept = JSON.parse(storage.getItem('charla.outbox.me.c1') ?? '') as object;
		storage.setItem('charla.outbox.me.c1', JSON.stringify({ ...kept, tried: undefined }));
		expect(setUp(storage).outbox.entries[0]?.tried).toBe(false);
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

	it('keeps the order in which it was written, over tabs and after a pause', () => {
		const storage = new FakeStorage();
		const [one, two] = [setUp(storage), setUp(storage)];
		one.world.online = two.world.online = false;
		two.outbox.add('room', 'first', null, [], 'z');
		one.clock.advance(5);
		one.outbox.add('room', 'second', null, [], 'a');
		one.world.online = true;
		one.outbox.connected();
		expect(one.outbox.entries.map(({ content }) => content)).toEqual(['first', 'second']);
		expect(one.sent).toEqual(['z']);
		one.ack('z');
		expect(one.sent).toEqual(['z', 'a']);
	});

	it('keeps that order where the clock stands still or goes back', () => {
		const before = setUp();
		before.world.online = false;
		before.clock.advance(1_000);
		for (const name of ['c', 'b', 'a']) before.outbox.add('room', name, null, [], name);
		const after = setUp(before.storage);
		after.world.online = false;
		after.outbox.add('room', 'last', null, [], '0');
		const again = setUp(before.storage);
		for (const { outbox } of [after, again]) {
			expect(outbox.entries.map(({ content }) => content)).toEqual(['c', 'b', 'a', 'last']);
		}
	});

	it('survives a broken entry', () => {
		const storage = new FakeStorage();
		storage.setItem('charla.outbox.me.c9', '{');
		expect(setUp(storage).statuses()).toEqual([]);
	});
});

it('sends what the storage does not take, and says that it stands nowhere else', () => {
	vi.spyOn(console, 'warn').mockImplementation(() => undefined);
	const storage = new FakeStorage();
	storage.setItem = () => {
		throw new DOMException('full', 'QuotaExceededError');
	};
	const { outbox, sent, ack, statuses } = setUp(storage);
	expect(storing.failed).toBe(false);
	outbox.add('room', 'a', null);
	expect(storing.failed).toBe(true);
	outbox.connected();
	expect(sent).toEqual(['c1', 'c1']);
	ack('c1', 1);
	outbox.settle('room', 1);
	expect(statuses()).toEqual([]);
});

describe('files', () => {
	const file = (id: string, over: Partial<OutboxFile> = {}): OutboxFile => ({
		id,
		name: `${id}.png`,
		size: 7,
		content_type: 'image/png',
		attachment: null,
		...over,
	});

	it('are waited for, and hold back what was written after them', () => {
		const { outbox, sent, ack } = setUp();
		outbox.add('room', 'a', null, [file('f1'), file('f2')]);
		outbox.add('room', 'b', null);
		outbox.add('other', 'c', null);
		expect(sent).toEqual(['c3']);
		outbox.attach('c1', 'f2', attachment('u2'));
		expect(sent).toEqual(['c3']);
		outbox.attach('c1', 'f1', attachment('u1'));
		expect(sent).toEqual(['c3', 'c1']);
		expect(outbox.entries[0]?.files.map((one) => one.attachment?.id)).toEqual(['u1', 'u2']);
		ack('c1');
		expect(sent).toEqual(['c3', 'c1', 'c2']);
	});

	it('survive a reload once they are uploaded', () => {
		const before = setUp();
		before.world.online = false;
		before.outbox.add('room', '', null, [file('f1', { attachment: attachment('u1') })]);
		const after = setUp(before.storage);
		after.outbox.connected();
		expect(after.sent).toEqual(['c1']);
		expect(after.outbox.entries[0]?.files[0]?.attachment?.id).toBe('u1');
	});

	it('that fail leave the rest to be sent', () => {
		const { outbox, sent, statuses } = setUp();
		outbox.add('room', 'a', null, [file('f1'), file('f2', { attachment: attachment('u2') })]);
		outbox.refuse('c1', 'f1.png: too large');
		expect(statuses()).toEqual(['c1 failed']);
		expect(outbox.entries[0]?.error).toBe('f1.png: too large');
		outbox.retry('c1');
		expect(sent).toEqual(['c1']);
		expect(outbox.entries[0]?.files.map(({ id }) => id)).toEqual(['f2']);
	});

	it('are not what a message failed for in the end', () => {
		const { outbox, statuses } = setUp();
		outbox.add('room', 'a', null, [file('f1')]);
		outbox.refuse('c1', 'f1.png: too large');
		outbox.refuse('c1', 'no longer in this room');
		expect(statuses()).toEqual(['c1 failed']);
		expect(outbox.entries[0]?.error).toBe('no longer in this room');
	});

	it('that were all there was leave nothing to be sent', () => {
		const { outbox, sent } = setUp();
		outbox.add('room', ' ', null, [file('f1')]);
		outbox.refuse('c1', 'gone');
		outbox.retry('c1');
		expect(outbox.entries).toEqual([]);
		expect(sent).toEqual([]);
	});

	it('are none in what an earlier version has stored', () => {
		expect(parseEntry('{"client_id":"c1","content":"a"}')?.files).toEqual([]);
	});
});

describe('several tabs', () => {
	const stored = (storage: FakeStorage, client_id: string) =>
		parseEntry(storage.getItem(`charla.outbox.me.${client_id}`));

	it('leave the sending to one', () => {
		const storage = new FakeStorage();
		const other = setUp(storage, false);
		const first = setUp(storage);
		other.outbox.add('room', 'a', null);
		expect(other.sent).toEqual([]);
		first.outbox.stored('c1', stored(storage, 'c1'));
		expect(first.sent).toEqual(['c1']);
		first.ack('c1', 5);
		other.outbox.stored('c1', { ...(first.outbox.entries[0] as OutboxEntry) });
		other.outbox.stored('c1', null);
		other.clock.advance(60_000);
		// Until its message is there it shows as sent.
		expect(other.statuses()).toEqual(['c1 committed']);
		expect(other.committed[0]?.revision).toBe(5);
		other.outbox.settle('room', 5);
		expect([...other.statuses(), ...other.sent]).toEqual([]);
	});

	it('take over when the one is gone, or does nothing', () => {
		const { outbox, sent, clock } = setUp(new FakeStorage(), false);
		outbox.add('room', 'a', null);
		clock.advance(3_900);
		expect(sent).toEqual([]);
		clock.advance(200);
		expect(sent).toEqual(['c1']);
		outbox.lead();
		outbox.add('two', 'b', null);
		expect(sent).toEqual(['c1', 'c2']);
	});

	it('see what another one gives up', () => {
		const storage = new FakeStorage();
		const one = setUp(storage);
		one.outbox.add('room', 'a', null);
		one.reject('c1', 'forbidden');
		const two = setUp(storage, false);
		expect(two.statuses()).toEqual(['c1 failed']);
		one.outbox.drop('c1');
		two.outbox.stored('c1', null);
		expect(two.statuses()).toEqual([]);
	});

	it('do not bring back what was committed as they closed', () => {
		const storage = new FakeStorage();
		const one = setUp(storage);
		const entry = one.outbox.add('room', 'a', null);
		outboxStorage(storage as unknown as Storage, 'me').put({ ...entry, status: 'committed' });
		expect(setUp(storage).statuses()).toEqual([]);
	});
});

describe('a room that is slowed down', () => {
	it('says until when, and keeps no other waiting', () => {
		const { outbox, world, reject, clock, sent, ack } = setUp();
		outbox.add('slow', 'a', null);
		reject('c1', 'too_many_requests', 60);
		expect([...world.paused]).toEqual([['slow', 60_000]]);
		outbox.add('slow', 'b', null);
		outbox.add('other', 'c', null);
		expect(sent).toEqual(['c1', 'c3']);
		ack('c3');
		clock.advance(60_000);
		expect(world.paused.size).toBe(0);
		expect(sent).toEqual(['c1', 'c3', 'c1']);
	});

	it('goes on before its time where it may', () => {
		const { outbox, world, reject, clock, sent, ack } = setUp();
		outbox.add('slow', 'a', null);
		reject('c1', 'too_many_requests', 21_600);
		outbox.resume('slow');
		expect(world.paused.size).toBe(0);
		expect(sent).toEqual(['c1', 'c1']);
		ack('c1');
		clock.advance(21_600_000);
		expect(sent).toEqual(['c1', 'c1']);
	});
});

it('knows its own keys', () => {
	expect(outboxKey('charla.outbox.me.c1', 'me')).toBe('c1');
	expect(outboxKey('charla.outbox.you.c1', 'me')).toBeNull();
	expect(outboxKey(null, 'me')).toBeNull();
});
