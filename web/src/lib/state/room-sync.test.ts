import { describe, expect, it } from 'vitest';
import type { Message } from '$lib/api/types';
import { settled } from '$lib/testing/fake-clock';
import { FakeRoom } from '$lib/testing/fake-room';
import { ana, edited, message } from '$lib/testing/messages';
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
		expect(room.calls).toEqual(['changes 1']);
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

	it('renames who has said it, and who is quoted', async () => {
		const room = await loadedRoom(1);
		room.sync.receive(room.commit(message(2, { reply_to: quoteOf(message(1)) })));
		const renamed = { ...ana, display_name: 'Ana Ruiz' };
		room.sync.rename(renamed);
		const { messages } = room.sync.timeline;
		expect(messages.map(({ sender }) => sender)).toEqual([renamed, renamed]);
		expect(messages[1]?.reply_to?.sender).toEqual(renamed);
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

describe('a server that has gone back', () => {
	/** A room with 5 messages, told once it goes back. */
	async function watchedRoom() {
		const room = await loadedRoom(5);
		const told = { times: 0 };
		room.sync.onGoneBack = () => told.times++;
		return { room, told };
	}

	it('is found out by `hello`, once, and nothing more is taken in', async () => {
		const { room, told } = await watchedRoom();
		room.goBack(3);
		room.sync.greet(3);
		await settled();
		expect(room.calls).toEqual(['changes 4']);
		expect(told.times).toBe(1);
		room.sync.receive(room.commit(message(6)));
		room.sync.noteRevision(9);
		await room.sync.resync();
		expect(room.calls).toEqual(['changes 4']);
		expect(room.sync.revision).toBe(5);
	});

	it('is found out by a `resync`, whatever was promised before', async () => {
		const { room, told } = await watchedRoom();
		room.sync.receive(message(8));
		room.goBack(2);
		await room.sync.resync();
		await settled();
		expect(told.times).toBe(1);
	});

	it('is found out by what was kept of the room', async () => {
		const { room, told } = await watchedRoom();
		room.goBack(3);
		const later = new FakeRoom();
		for (const seq of [1, 2, 3]) later.commit(message(seq));
		later.sync.onGoneBack = () => told.times++;
		later.sync.restore(room.sync.timeline.messages, false, 5);
		await later.sync.load();
		expect(told.times).toBe(1);
	});

	/** What has become of a room since it went back to `revision`. */
	function another(revision: number, ...later: Message[]): FakeRoom {
		const room = new FakeRoom();
		for (let seq = 1; seq <= revision; seq++) room.commit(message(seq));
		for (const one of later) room.commit(one);
		return room;
	}

	it.each([
		['by another message', message(5, { id: 'other' })],
		['by a change of an older one', edited(2, 5)],
	])('is found out once it has come further than we had been: %s', async (_, fifth) => {
		const { room, told } = await watchedRoom();
		const now = another(4, fifth, message(6), message(7));
		now.sync.onGoneBack = () => told.times++;
		now.sync.restore(room.sync.timeline.messages, false, 5);
		now.sync.greet(7);
		await settled();
		expect(told.times).toBe(1);
		expect(now.shown).toEqual(room.shown);
	});

	it('is not one where what we know last has changed since, or is not held', async () => {
		const { room, told } = await watchedRoom();
		const now = another(5, edited(5, 6), message(7), edited(1, 8));
		now.sync.onGoneBack = () => told.times++;
		now.sync.restore(room.sync.timeline.messages.slice(2), false, 5);
		now.sync.greet(8);
		await settled();
		expect(now.shown).toEqual(now.stored.slice(2));
		now.commit(message(9));
		now.sync.greet(9);
		await settled();
		expect(now.calls.filter((call) => call.startsWith('changes'))).toEqual([
			'changes 4',
			'changes 8',
		]);
		expect(now.shown).toEqual(now.stored.slice(2));
		expect(told.times).toBe(0);
	});

	it('is not one whose `hello` was overtaken by an answer', async () => {
		const { room, told } = await watchedRoom();
		room.sync.greet(4);
		await settled();
		expect(room.calls).toEqual(['changes 4']);
		expect(told.times).toBe(0);
		room.sync.receive(room.commit(message(6)));
		expect(room.shown).toEqual(room.stored);
	});

	it('is not held to what it had promised before', async () => {
		const { room, told } = await watchedRoom();
		room.held = true;
		// The event of a change that the backup does not have.
		room.sync.receive(message(8, { content: 'lost' }));
		room.commit(message(6));
		room.sync.greet(6);
		await room.release();
		expect(told.times).toBe(0);
		for (const seq of [7, 8, 9]) room.sync.receive(room.commit(message(seq)));
		await settled();
		expect(room.shown).toEqual(room.stored);
	});
});

describe('catching up', () => {
	it('follows a hello with a higher number over all pages', async () => {
		const room = await loadedRoom(2, 2);
		for (let seq = 3; seq <= 9; seq++) room.commit(message(seq));
		room.sync.noteRevision(9);
		await settled();
		expect(room.calls).toEqual(['changes 1', 'changes 3', 'changes 5', 'changes 7']);
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
		expect(room.calls).toEqual(['changes 0']);
	});

	it('asks once for two gaps at once', async () => {
		const room = await loadedRoom(1);
		for (let seq = 2; seq <= 6; seq++) room.commit(message(seq));
		room.held = true;
		room.sync.noteRevision(6);
		room.sync.receive(message(6));
		room.sync.noteRevision(6);
		await room.release();
		expect(room.calls).toEqual(['changes 0']);
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
		expect(room.calls).toEqual(['changes 0', 'changes 1']);
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
		expect(room.calls.slice(0, 3)).toEqual(['changes 0', 'changes 3', 'changes 0']);
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
		expect(room.calls).toEqual(['changes 0']);
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
		room.sync.trimOlder(2);
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

describe('any part of the room', () => {
	it('takes one request, and joins up with the newest', async () => {
		const room = await loadedRoom(100, 10);
		expect(await room.sync.moveTo('m20')).toBe(true);
		expect(room.shown.at(0)).toBe('15:text 15');
		expect(room.shown).toHaveLength(10);
		expect(room.sync.timeline).toMatchObject({ hasOlder: true, hasNewer: true });
		room.sync.receive(room.commit(message(101)));
		room.sync.receive(room.commit(edited(16, 102)));
		expect(room.shown).toHaveLength(10);
		expect(room.shown[1]).toBe('16:edit 102');
		expect(room.sync.newBelow(100)).toBe(1);
		while (room.sync.timeline.hasNewer) await room.sync.loadNewer();
		expect(room.shown).toEqual(room.stored.slice(14));
		expect(room.sync.newBelow(0)).toBe(0);
		room.sync.receive(room.commit(message(103)));
		expect(room.shown.at(-1)).toBe('103:text 103');
		expect(room.calls.filter((call) => call.startsWith('changes'))).toEqual([]);
	});

	it('stays in one piece where a page touches what is loaded', async () => {
		const room = await loadedRoom(40, 10);
		await room.sync.moveTo('m29');
		expect(room.shown).toEqual(room.stored.slice(23));
		expect(room.sync.timeline.hasNewer).toBe(false);
		await room.sync.moveTo('m5');
		await room.sync.moveTo(null);
		expect(room.shown).toEqual(room.stored.slice(30));
	});

	it('takes in what is sent while the last page is on its way', async () => {
		const room = await loadedRoom(20, 10);
		await room.sync.moveTo('m7');
		room.held = true;
		const newer = room.sync.loadNewer();
		room.sync.receive(room.commit(message(21)));
		room.sync.receive(room.commit(edited(12, 22)));
		await room.release();
		await newer;
		expect(room.shown).toEqual(room.stored.slice(1));
	});

	it('goes where it was told last', async () => {
		const room = await loadedRoom(100, 10);
		room.held = true;
		const first = room.sync.moveTo('m20');
		const second = room.sync.moveTo('m60');
		await room.release();
		expect([await first, await second]).toEqual([false, true]);
		expect(room.shown).toContain('60:text 60');
	});

	it('says so where there is no such message', async () => {
		const room = await loadedRoom(3);
		await expect(room.sync.moveTo('m9')).rejects.toBe('final');
		expect(room.shown).toEqual(room.stored);
	});

	it('opens at a message, or at the newest if it is gone', async () => {
		const room = new FakeRoom();
		room.pageSize = 4;
		for (let seq = 1; seq <= 20; seq++) room.commit(message(seq));
		room.firstUnread = 'm8';
		await room.sync.load('first_unread');
		expect(room.calls).toEqual(['around first_unread']);
		expect(room.sync.unreadPage?.results.map(({ seq }) => seq)).toEqual([6, 7, 8, 9]);
		const other = new FakeRoom();
		other.commit(message(1));
		await other.sync.load('gone');
		expect(other.shown).toEqual(other.stored);
	});

	it('is loaded anew where it is read when far behind', async () => {
		const room = await loadedRoom(50, 10);
		await room.sync.moveTo('m20');
		for (let seq = 51; seq <= 700; seq++) room.commit(message(seq));
		room.commit(edited(20, 701));
		room.reading = 'm20';
		room.calls = [];
		room.sync.noteRevision(701);
		await settled();
		expect(room.calls).toEqual(['around m20']);
		expect(room.shown).toContain('20:edit 701');
	});

	it('forgets the newest while history is read, and counts them still', async () => {
		const room = await loadedRoom(10);
		room.sync.trimNewer(6, 8);
		expect(room.shown).toHaveLength(6);
		expect(room.sync.newBelow(8)).toBe(2);
		await room.sync.loadNewer();
		expect(room.shown).toEqual(room.stored);
	});
});

describe('what was kept from before', () => {
	const kept = [1, 2, 3].map((seq) => message(seq));

	/** A room that has gone on to 6 since its first three messages were kept. */
	function keptRoom(): FakeRoom {
		const room = new FakeRoom();
		for (let seq = 1; seq <= 4; seq++) room.commit(message(seq));
		room.commit(message(2, { revision: 5, is_deleted: true, content: '' }));
		room.commit(message(6));
		return room;
	}

	it('shows at once and is caught up', async () => {
		const room = keptRoom();
		room.held = true;
		room.sync.restore(kept, false, 3);
		const loading = room.sync.load('first_unread');
		expect(room.shown).toEqual(['1:text 1', '2:text 2', '3:text 3']);
		expect([room.sync.loaded, room.sync.fresh]).toEqual([true, false]);
		await room.release();
		await loading;
		expect(room.calls.sort()).toEqual(['changes 2', 'sees m1']);
		expect(room.shown).toEqual(room.stored);
		expect(room.sync.fresh).toBe(true);
	});

	it('goes where the history has been cleared since', async () => {
		const room = keptRoom();
		room.hidden = 3;
		room.sync.restore(kept, true, 3);
		await room.sync.load();
		await settled();
		expect(room.shown).toEqual(['4:text 4', '6:text 6']);
		expect(room.sync.timeline.hasOlder).toBe(false);
	});

	it('gives way to a page that is there already', async () => {
		const room = keptRoom();
		await room.sync.load();
		room.sync.restore(kept, false, 3);
		expect(room.shown).toEqual(room.stored);
	});
});

it('drops what was cleared on another device, once in doubt', async () => {
	const room = await loadedRoom(5);
	room.hidden = 5;
	room.sync.doubt();
	room.sync.receive(room.commit(message(6)));
	await room.sync.load();
	await settled();
	expect(room.shown).toEqual(['6:text 6']);
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
