import { expect, it, vi } from 'vitest';
import type { Message } from '$lib/api/types';
import { settled } from '$lib/testing/fake-clock';
import { FakeRoom } from '$lib/testing/fake-room';
import { edited, message } from '$lib/testing/messages';

vi.setConfig({ testTimeout: 60_000 });

/** A small repeatable generator (mulberry32): a failing seed can be run again. */
function randomFrom(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
	};
}

type Random = ReturnType<typeof randomFrom>;

function change(room: FakeRoom, made: number[], random: Random): Message {
	const revision = room.revision + 1;
	const old = made[random(Math.max(1, made.length))];
	if (old === undefined || random(3) > 0) {
		made.push(revision);
		return room.commit(message(revision));
	}
	return room.commit(edited(old, revision));
}

/** Somebody scrolls, jumps about and clears the history; what is out of sight is forgotten. */
function wander(room: FakeRoom, made: number[], random: Random): void {
	const ignored = () => undefined;
	const { sync } = room;
	const id = `m${made[random(made.length)]}`;
	if (random(10) === 0) sync.loadOlder().catch(ignored);
	if (random(6) === 0) sync.loadNewer().catch(ignored);
	if (random(12) === 0) sync.moveTo(random(3) === 0 ? null : id).catch(ignored);
	if (random(15) === 0) sync.trimOlder(1 + random(8));
	if (random(15) === 0) sync.trimNewer(1 + random(8), 0);
	room.reading = random(3) === 0 ? id : null;
	if (random(60) !== 0) return;
	room.hidden = Math.max(room.hidden, made[random(made.length)] ?? 0);
	sync.doubt();
}

/** Events are lost, doubled and swapped; pages fail; hellos and resyncs come at any time. */
async function stormyRoom(seed: number, wanders: boolean): Promise<FakeRoom> {
	const random = randomFrom(seed);
	const room = new FakeRoom();
	const made: number[] = [];
	room.pageSize = 1 + random(6);
	for (let n = random(12); n > 0; n--) change(room, made, random);
	void room.sync.load();
	let events: Message[] = [];
	for (let step = 0; step < 150; step++) {
		const event = change(room, made, random);
		if (random(10) > 1) events.push(event);
		if (random(10) === 0) events.push(event);
		if (random(4) === 0) events.reverse();
		if (random(3) > 0) {
			for (const one of events) room.sync.receive(one);
			events = [];
		}
		if (random(12) === 0) room.failures.push('network');
		if (random(15) === 0) room.sync.noteRevision(room.revision);
		if (random(15) === 0) room.sync.greet(room.revision);
		if (random(15) === 0) void room.sync.resync();
		if (wanders) wander(room, made, random);
		else if (random(10) === 0) room.sync.loadOlder().catch(() => undefined);
		if (random(6) === 0) room.held = !room.held;
		if (!room.held) await room.release();
		expectNoHole(room, `seed ${seed}, step ${step}`);
	}
	await room.release();
	room.failures = [];
	room.sync.noteRevision(room.revision);
	for (let n = 0; n < 20; n++) await settled();
	return room;
}

/** What is shown is one run of what is there to see, at whatever moment: nothing between is missing. */
function expectNoHole(room: FakeRoom, when: string): void {
	const all = room.sync.timeline.messages.map(({ seq }) => seq);
	const shown = all.filter((seq) => seq > room.hidden);
	const [first, last] = [shown[0] ?? 0, shown.at(-1) ?? 0];
	const stored = room.seqs.filter((seq) => seq >= first && seq <= last);
	if (shown.join() !== stored.join()) expect(shown, when).toEqual(stored);
}

it('ends with exactly what the server has, whatever was lost on the way', async () => {
	for (let seed = 1; seed <= 300; seed++) {
		const room = await stormyRoom(seed, false);
		const { shown, stored } = room;
		expect(room.sync.revision, `seed ${seed}`).toBe(room.revision);
		expect(shown, `seed ${seed}`).toEqual(stored.slice(stored.length - shown.length));
		expect(shown.length, `seed ${seed}`).toBeGreaterThan(0);
	}
});

it('holds whatever part of the room is looked at, and joins up with the newest', async () => {
	for (let seed = 1; seed <= 300; seed++) {
		const room = await stormyRoom(seed, true);
		await room.sync.verify();
		const when = `seed ${seed}`;
		const from = room.stored.indexOf(room.shown[0] ?? '');
		expect(room.sync.revision, when).toBe(room.revision);
		expect(room.shown, when).toEqual(room.stored.slice(from, from + room.shown.length));
		const reaches = from + room.shown.length === room.stored.length;
		expect(reaches || room.sync.timeline.hasNewer, when).toBe(true);

		for (let n = 0; n < 200 && room.sync.timeline.hasNewer; n++) await room.sync.loadNewer();
		for (let n = 0; n < 200 && room.sync.timeline.hasOlder; n++) await room.sync.loadOlder();
		expect(room.shown, when).toEqual(room.stored);
		expect(room.sync.newBelow(0), when).toBe(0);
	}
});

it('counts each new message below once, and forgets those that are deleted', async () => {
	for (let seed = 1; seed <= 100; seed++) {
		const random = randomFrom(seed);
		const room = new FakeRoom();
		room.pageSize = 4;
		for (let seq = 1; seq <= 20; seq++) room.commit(message(seq));
		await room.sync.load();
		await room.sync.moveTo('m5');
		const since = room.revision;
		const fresh = new Set<number>();
		for (let step = 0; step < 30; step++) {
			const revision = room.revision + 1;
			const [gone] = fresh;
			const deletes = gone !== undefined && random(4) === 0;
			if (deletes) fresh.delete(gone);
			else fresh.add(revision);
			const over = { revision, is_deleted: true, content: '' };
			const event = room.commit(deletes ? message(gone, over) : message(revision));
			if (random(4) > 0) room.sync.receive(event);
		}
		room.sync.noteRevision(room.revision);
		await settled();
		expect(room.sync.newBelow(since), `seed ${seed}`).toBe(fresh.size);
	}
});
