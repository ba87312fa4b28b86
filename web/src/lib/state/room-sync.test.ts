import { describe, expect, it } from 'vitest';
import { settled } from '$lib/testing/fake-clock';
import { FakeRoom } from '$lib/testing/fake-room';
import { edited, message } from '$lib/testing/messages';
import { quoteOf } from './quote';

/** A room with messages 1 to `count`, loaded. */
async function loadedRoom(count: number, pageSize = 50): Promise<FakeRoom> {
	const room = new FakeRoom();
	room.pageSize = pageSize;
	for (let seq = 1; seq <= count; seq++) room.commit(message(seq));
	await room.sync.load();
	room.calls = [];
	return room;
}

describe('events', () => {
	it('applies the next number without asking', async () => {
		const room = await loadedRoom(2);
		room.sync.receive(room.commit(message(3)));
		expect(room.shown).toEqual(room.stored);
		expect(room.sync.revision).toBe(3);
		expect(room.calls).toEqual([]);
	});

	it('ignores a doubled event', async () => {
		const room = await loadedRoom(2);
		const event = room.commit(message(3));
		room.sync.receive(event);
		room.sync.receive(event);
		room.sync.receive(message(2, { content: 'stale' }));
		expect(room.shown).toEqual(room.stored);
		expect(room.calls).toEqual([]);
	});

	it('asks for what is missing when a number is skipped', async () => {
		const room = await loadedRoom(2);
		room.commit(message(3));
		room.sync.receive(room.commit(message(4)));
		await settled();
		expect(room.calls).toEqual(['changes 2']);
		expect(room.shown).toEqual(room.stored);
		expect(room.sync.revision).toBe(4);
	});

	it('puts reordered events in order', async () => {
		const room = await loadedRoom(1);
		const [two, three, four] = [2, 3, 4].map((seq) => room.commit(message(seq)));
		for (const event of [four, two, three]) if (event) room.sync.receive(event);
		await settled();
		expect(room.shown).toEqual(room.stored);
		expect(room.sync.revision).toBe(4);
	});

	it('changes quotes with what they quote, loaded or not', async () => {
		const quoting = (seq: number, quoted: number) =>
			message(seq, { reply_to: quoteOf(message(quoted)) });
		const room = new FakeRoom();
		room.pageSize = 3;
		for (const one of [message(1), message(2), quoting(3, 1), quoting(4, 2)]) room.commit(one);
		await room.sync.load();
		const quotes = () => room.sync.timeline.messages.flatMap((one) => one.reply_to?.content ?? []);
		expect(quotes()).toEqual(['text 1', 'text 2']);
		room.sync.receive(room.commit(edited(1, 5)));
		room.sync.receive(room.commit(message(2, { revision: 6, is_deleted: true, content: '' })));
		expect(quotes()).toEqual(['edit 5', '']);
	});

	it('edits and deletes what it holds, in place', async () => {
		const room = await loadedRoom(3);
		room.sync.receive(room.commit(edited(1, 4)));
		room.sync.receive(
			room.commit(message(2, { revision: 5, is_deleted: true, content: '', content_html: '' })),
		);
		expect(room.shown).toEqual(['1:edit 4', '2:', '3:text 3']);
	});

	it('moves on over a change of a message that is not loaded, without showing it', async () => {
		const room = await loadedRoom(6, 2);
		room.sync.receive(room.commit(edited(1, 7)));
		expect(room.shown).toEqual(['5:text 5', '6:text 6']);
		expect(room.sync.revision).toBe(7);
		expect(room.calls).toEqual([]);
	});

	it('keeps events that come while the first page is on its way', async () => {
		const room = new FakeRoom();
		room.commit(message(1));
		room.held = true;
		const loading = room.sync.load();
		room.sync.receive(room.commit(message(2)));
		await room.release();
		await loading;
		expect(room.shown).toEqual(room.stored);
		expect(room.calls).toEqual(['newest']);
	});
});

describe('catching up', () => {
	it('follows a hello with a higher number over all pages', async () => {
		const room = await loadedRoom(2, 2);
		for (let seq = 3; seq <= 9; seq++) room.commit(message(seq));
		room.sync.noteRevision(9);
		await settled();
		expect(room.calls).toEqual(['changes 2', 'changes 4', 'changes 6', 'changes 8']);
		expect(room.shown.at(-1)).toBe('9:text 9');
		expect(room.shown).toHaveLength(9);
	});

	it('shows a message made early and edited late, although it comes on a later page', async () => {
		const room = await loadedRoom(1, 2);
		for (let seq = 2; seq <= 5; seq++) room.commit(message(seq));
		room.commit(edited(2, 6));
		room.sync.noteRevision(6);
		await settled();
		expect(room.shown).toEqual(room.stored);
	});

	it('does nothing for a hello with the number it has', async () => {
		const room = await loadedRoom(2);
		room.sync.noteRevision(2);
		await settled();
		expect(room.calls).toEqual([]);
	});

	it('applies events that come meanwhile after it', async () => {
		const room = await loadedRoom(1);
		room.commit(message(2));
		room.held = true;
		room.sync.noteRevision(2);
		room.sync.receive(room.commit(message(3)));
		room.sync.receive(room.commit(edited(2, 4)));
		await room.release();
		expect(room.shown).toEqual(room.stored);
		expect(room.sync.revision).toBe(4);
		expect(room.calls).toEqual(['changes 1']);
	});

	it('asks once for two gaps at once', async () => {
		const room = await loadedRoom(1);
		for (let seq = 2; seq <= 6; seq++) room.commit(message(seq));
		room.held = true;
		room.sync.noteRevision(6);
		room.sync.receive(message(6));
		room.sync.noteRevision(6);
		await room.release();
		expect(room.calls).toEqual(['changes 1']);
		expect(room.shown).toEqual(room.stored);
	});

	it('asks again after a resync in the middle', async () => {
		const room = await loadedRoom(1);
		room.commit(message(2));
		room.held = true;
		room.sync.noteRevision(2);
		// Committed after the answer was taken, and its event was dropped.
		room.commit(message(3));
		void room.sync.resync();
		await room.release();
		expect(room.calls).toEqual(['changes 1', 'changes 2']);
		expect(room.shown).toEqual(room.stored);
	});

	it('starts again where it stood when a page fails', async () => {
		const room = await loadedRoom(1, 2);
		for (let seq = 2; seq <= 5; seq++) room.commit(message(seq));
		room.commit(edited(2, 6));
		room.failures = [null, 'network'];
		room.sync.noteRevision(6);
		await settled();
		await settled();
		expect(room.calls.slice(0, 3)).toEqual(['changes 1', 'changes 4', 'changes 1']);
		expect(room.shown).toEqual(room.stored);
	});

	it('loads the newest page instead when it is far behind', async () => {
		const room = await loadedRoom(1);
		for (let seq = 2; seq <= 600; seq++) room.commit(message(seq));
		room.sync.noteRevision(600);
		await settled();
		expect(room.calls).toEqual(['newest']);
		expect(room.shown).toHaveLength(50);
		expect(room.sync.timeline.hasOlder).toBe(true);
		expect(room.sync.revision).toBe(600);
	});

	it('stops asking when the room is out of reach', async () => {
		const room = await loadedRoom(1);
		room.failures = ['final'];
		room.sync.noteRevision(2);
		await settled();
		expect(room.sync.failure).toBe('final');
		expect(room.calls).toEqual(['changes 1']);
	});

	it('drops what arrives after the room was removed', async () => {
		const room = await loadedRoom(1);
		room.commit(message(2));
		room.held = true;
		room.sync.noteRevision(2);
		room.sync.stop();
		await room.release();
		room.sync.receive(message(2));
		expect(room.shown).toEqual(['1:text 1']);
	});
});

describe('older pages', () => {
	it('come in front until there are none', async () => {
		const room = await loadedRoom(5, 2);
		await room.sync.loadOlder();
		expect(room.shown).toHaveLength(4);
		await room.sync.loadOlder();
		expect(room.shown).toEqual(room.stored);
		expect(room.sync.timeline.hasOlder).toBe(false);
		await room.sync.loadOlder();
		expect(room.calls).toEqual(['older m4', 'older m2']);
	});

	it('do not undo an edit that passed by while they were on their way', async () => {
		const room = await loadedRoom(4, 2);
		room.held = true;
		const older = room.sync.loadOlder();
		room.sync.receive(room.commit(edited(1, 5)));
		await room.release();
		await older;
		expect(room.shown).toEqual(room.stored);
	});

	it('come back after old messages were forgotten', async () => {
		const room = await loadedRoom(6);
		room.sync.trim(2);
		expect(room.shown).toHaveLength(2);
		await room.sync.loadOlder();
		expect(room.shown).toEqual(room.stored);
	});

	it('are left alone when the timeline was replaced meanwhile', async () => {
		const room = await loadedRoom(4, 2);
		room.held = true;
		const older = room.sync.loadOlder();
		room.held = false;
		for (let seq = 5; seq <= 600; seq++) room.commit(message(seq));
		room.sync.noteRevision(600);
		await settled();
		await room.release();
		await older;
		expect(room.shown).toEqual(['599:text 599', '600:text 600']);
	});
});

it('reports every message it sees, for the outbox', async () => {
	const room = await loadedRoom(1);
	room.sync.receive(room.commit(message(2, { client_id: 'c1' })));
	expect(room.seen.map(({ client_id }) => client_id)).toContain('c1');
});

it('takes an answer of our own call without moving the revision', async () => {
	const room = await loadedRoom(2);
	room.sync.adopt([room.commit(edited(1, 3))]);
	expect(room.shown).toEqual(room.stored);
	expect(room.sync.revision).toBe(2);
	room.sync.receive(edited(1, 3));
	expect(room.sync.revision).toBe(3);
});
