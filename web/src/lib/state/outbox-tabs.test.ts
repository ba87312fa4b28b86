import { expect, it } from 'vitest';
import { attachment } from '$lib/testing/attachment';
import { FakeClock, settled } from '$lib/testing/fake-clock';
import { FakeLocks } from '$lib/testing/fake-locks';
import { fakeStorage } from '$lib/testing/fake-storage';
import type { Locks } from './browser-locks';
import { Outbox, type OutboxFile } from './outbox';
import { outboxKey, outboxStorage, parseEntry } from './outbox-storage';
import { OutboxTabs } from './outbox-tabs';

const file: OutboxFile = {
	id: 'f1',
	name: 'a.png',
	size: 7,
	content_type: 'image/png',
	attachment: null,
};

let ids = 0;

function tab(storage: Storage, locks: Locks | null, clock: FakeClock) {
	const sent: string[] = [];
	const adopted: string[] = [];
	const world = { left: false };
	const outbox = new Outbox({
		storage: outboxStorage(storage, 'me'),
		clock,
		newId: () => `c${++ids}`,
		send: (entry) => sent.push(entry.content) > 0,
		onChange: (entries) => tabs.changed(entries),
		onCommitted: () => undefined,
		leads: locks === null,
	});
	const tabs: OutboxTabs = new OutboxTabs({
		outbox,
		user_id: 'me',
		locks,
		clock,
		adopt: async ({ client_id }) => world.left && adopted.push(client_id) > 0,
		lost: ({ files }) => `lost ${files.length}`,
	});
	const hear = () => {
		for (const key of Object.keys(storage)) {
			const client_id = outboxKey(key, 'me');
			if (client_id) outbox.stored(client_id, parseEntry(storage.getItem(key)));
		}
	};
	return { outbox, tabs, sent, adopted, world, hear, close: tabs.start() };
}

it('lets the first tab send, and the next when that is closed', async () => {
	const [storage, locks, clock] = [fakeStorage(), new FakeLocks(), new FakeClock()];
	const one = tab(storage, locks, clock);
	const two = tab(storage, locks, clock);
	await settled();
	two.outbox.add('room', 'a', null);
	one.hear();
	expect([one.sent, two.sent]).toEqual([['a'], []]);
	one.close();
	await settled();
	expect(two.sent).toEqual(['a']);
});

it('waits for a tab that uploads, and says so when that is gone', async () => {
	const [storage, locks, clock] = [fakeStorage(), new FakeLocks(), new FakeClock()];
	const uploading = tab(storage, locks, clock);
	uploading.tabs.uploads('c9');
	uploading.outbox.add('room', 'a', null, [file], 'c9');
	const other = tab(storage, locks, clock);
	clock.advance(60_000);
	await settled();
	expect(other.outbox.entries[0]?.status).toBe('sending');
	uploading.close();
	await settled();
	expect(other.outbox.entries[0]).toMatchObject({ status: 'failed', error: 'lost 1' });
});

it('goes on with the files of a closed tab, one tab at a time', async () => {
	const [storage, locks, clock] = [fakeStorage(), new FakeLocks(), new FakeClock()];
	const closed = tab(storage, locks, clock);
	closed.tabs.uploads('c6');
	closed.outbox.add('room', 'a', null, [file], 'c6');
	const [next, last] = [tab(storage, locks, clock), tab(storage, locks, clock)];
	next.world.left = last.world.left = true;
	clock.advance(60_000);
	closed.close();
	await settled();
	expect([next.adopted, last.adopted]).toEqual([['c6'], []]);
	next.outbox.attach('c6', 'f1', attachment('u1'));
	last.hear();
	await settled();
	expect([next.adopted, last.adopted]).toEqual([['c6'], []]);
	expect(next.outbox.entries[0]?.status).toBe('sending');
});

it('lets go of what is uploaded', async () => {
	const [storage, locks, clock] = [fakeStorage(), new FakeLocks(), new FakeClock()];
	const uploading = tab(storage, locks, clock);
	uploading.tabs.uploads('c8');
	uploading.outbox.add('room', 'a', null, [file], 'c8');
	const other = tab(storage, locks, clock);
	clock.advance(60_000);
	uploading.outbox.attach('c8', 'f1', attachment('u1'));
	other.hear();
	await settled();
	expect(other.outbox.entries[0]?.status).toBe('sending');
});

it('gives files up at once where no tab can be asked', async () => {
	const [storage, clock] = [fakeStorage(), new FakeClock()];
	const before = tab(storage, null, clock);
	before.outbox.add('room', 'a', null, [file]);
	const after = tab(storage, null, clock);
	clock.advance(1_000);
	await settled();
	expect(after.outbox.entries[0]?.status).toBe('failed');
});

it('writes nothing after it was closed, for files of another tab', async () => {
	const [storage, locks, clock] = [fakeStorage(), new FakeLocks(), new FakeClock()];
	const uploading = tab(storage, locks, clock);
	uploading.tabs.uploads('c7');
	uploading.outbox.add('room', 'a', null, [file], 'c7');
	const other = tab(storage, locks, clock);
	clock.advance(60_000);
	await settled();
	other.close();
	uploading.close();
	await settled();
	expect(other.outbox.entries[0]?.status).toBe('sending');
});
