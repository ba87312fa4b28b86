import { expect, it } from 'vitest';
import type { Message } from '$lib/api/types';
import { settled } from '$lib/testing/fake-clock';
import { FakeRoom } from '$lib/testing/fake-room';
import { edited, message } from '$lib/testing/messages';

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

function change(room: FakeRoom, made: number[], random: (below: number) => number): Message {
	const revision = room.revision + 1;
	const old = made[random(Math.max(1, made.length))];
	if (old === undefined || random(3) > 0) {
		made.push(revision);
		return room.commit(message(revision));
	}
	return room.commit(edited(old, revision));
}

/** Events are lost, doubled and swapped; pages fail; older pages, hellos and resyncs come at any time. */
async function stormyRoom(seed: number): Promise<FakeRoom> {
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
		if (random(15) === 0) void room.sync.resync();
		if (random(10) === 0) room.sync.loadOlder().catch(() => undefined);
		if (random(6) === 0) room.held = !room.held;
		if (!room.held) await room.release();
	}
	await room.release();
	room.failures = [];
	room.sync.noteRevision(room.revision);
	for (let n = 0; n < 20; n++) await settled();
	return room;
}

it('ends with exactly what the server has, whatever was lost on the way', async () => {
	for (let seed = 1; seed <= 300; seed++) {
		const room = await stormyRoom(seed);
		const { shown, stored } = room;
		expect(room.sync.revision, `seed ${seed}`).toBe(room.revision);
		expect(shown, `seed ${seed}`).toEqual(stored.slice(stored.length - shown.length));
		expect(shown.length, `seed ${seed}`).toBeGreaterThan(0);
	}
});
