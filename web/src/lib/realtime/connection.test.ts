import { describe, expect, it } from 'vitest';
import { FakeClock, settled } from '$lib/testing/fake-clock';
import { backoff } from './backoff';
import { Connection, type SocketLike } from './connection';

class FakeSocket implements SocketLike {
	readyState = 1;
	onmessage: SocketLike['onmessage'] = null;
	onclose: SocketLike['onclose'] = null;
	sent: string[] = [];
	closed = false;
	send(data: string) {
		this.sent.push(data);
	}
	close() {
		this.closed = true;
	}
	say(value: unknown) {
		this.onmessage?.({ data: typeof value === 'string' ? value : JSON.stringify(value) });
	}
	hello() {
		this.say({ type: 'hello', room_id: null, data: { heartbeat_s: 20, rooms: [] } });
	}
}

function setUp(answer: 'alive' | 'ended' | 'unreachable' = 'alive') {
	const clock = new FakeClock();
	const sockets: FakeSocket[] = [];
	const states: string[] = [];
	const events: string[] = [];
	const world = { answer, probes: 0, hangs: false, givenUp: 0 };
	const connection = new Connection({
		open() {
			const socket = new FakeSocket();
			sockets.push(socket);
			return socket;
		},
		clock,
		random: () => 1,
		probe(signal) {
			world.probes++;
			signal.addEventListener('abort', () => world.givenUp++);
			return world.hangs ? new Promise(() => undefined) : Promise.resolve(world.answer);
		},
		onEvent: ({ type }) => events.push(type),
		onState: (state) => states.push(state),
	});
	connection.start();
	const last = () => sockets.at(-1) as FakeSocket;
	return { connection, clock, sockets, states, events, world, last };
}

it('is open from hello on', () => {
	const { connection, states, last } = setUp();
	expect(connection.send({ action: 'ping' })).toBe(false);
	last().hello();
	expect(states).toEqual(['connecting', 'open']);
	expect(connection.send({ action: 'ping' })).toBe(true);
});

it('takes nothing once the socket is closing', () => {
	const { connection, last } = setUp();
	last().hello();
	last().readyState = 2;
	expect(connection.send({ action: 'typing', room_id: 'r', is_typing: true })).toBe(false);
	expect(last().sent).toEqual([]);
});

it('ignores frames that are no events', () => {
	const { events, last } = setUp();
	last().hello();
	for (const frame of ['{', '7', 'null', '{"data":1}', '{"type":5}']) last().say(frame);
	expect(events).toEqual(['hello']);
});

describe('after a broken socket', () => {
	it('comes back with growing pauses, asking for the session first', async () => {
		const { clock, sockets, last, world } = setUp();
		last().hello();
		last().onclose?.({ code: 1006 });
		await settled();
		clock.advance(500);
		expect(sockets).toHaveLength(2);
		expect(world.probes).toBe(0);
		last().onclose?.({ code: 1006 });
		await settled();
		expect(world.probes).toBe(1);
		clock.advance(900);
		expect(sockets).toHaveLength(2);
		clock.advance(100);
		expect(sockets).toHaveLength(3);
	});

	it('starts over with short pauses once it was open', async () => {
		const { clock, sockets, last } = setUp();
		for (let round = 0; round < 5; round++) {
			last().hello();
			last().onclose?.({ code: 1012 });
			await settled();
			clock.advance(500);
		}
		expect(sockets).toHaveLength(6);
	});

	it('goes on at once when nudged', async () => {
		const { connection, sockets, last } = setUp();
		last().hello();
		last().onclose?.({ code: 1006 });
		await settled();
		connection.nudge();
		expect(sockets).toHaveLength(2);
	});

	it('goes on while the server is unreachable', async () => {
		const { clock, sockets, last } = setUp('unreachable');
		last().onclose?.({ code: 1006 });
		await settled();
		clock.advance(15_000);
		expect(sockets).toHaveLength(2);
	});
});

describe('a question for the session that hangs', () => {
	it('is given up', async () => {
		const { clock, sockets, last, world } = setUp();
		world.hangs = true;
		last().onclose?.({ code: 1006 });
		await settled();
		clock.advance(20_000);
		expect(world.givenUp).toBe(1);
		await settled();
		clock.advance(500);
		expect(sockets).toHaveLength(2);
	});

	it('is given up where nobody waits for it', async () => {
		const { connection, sockets, last, world } = setUp();
		world.hangs = true;
		for (let round = 1; round <= 3; round++) {
			last().onclose?.({ code: 1006 });
			await settled();
			connection.nudge();
			await settled();
			expect(world.givenUp).toBe(round);
		}
		expect(sockets).toHaveLength(4);
		last().onclose?.({ code: 1006 });
		connection.stop();
		await settled();
		expect(world.givenUp).toBe(4);
	});
});

it('ends when the session has ended', async () => {
	const { clock, sockets, states, last } = setUp('ended');
	last().hello();
	last().onclose?.({ code: 4401 });
	await settled();
	clock.advance(60_000);
	expect(sockets).toHaveLength(1);
	expect(states.at(-1)).toBe('ended');
});

it('comes back when 4401 turns out to be an access token that was renewed', async () => {
	const { clock, sockets, last } = setUp('alive');
	last().hello();
	last().onclose?.({ code: 4401 });
	await settled();
	clock.advance(500);
	expect(sockets).toHaveLength(2);
});

describe('silence', () => {
	it('is met with a ping, and a pong keeps the socket', () => {
		const { clock, sockets, last } = setUp();
		last().hello();
		clock.advance(20_000);
		expect(last().sent).toEqual(['{"action":"ping"}']);
		last().say({ type: 'pong', room_id: null, data: {} });
		clock.advance(19_000);
		expect(sockets).toHaveLength(1);
	});

	it('without an answer ends the socket', async () => {
		const { clock, sockets, last } = setUp();
		last().hello();
		clock.advance(30_000);
		expect(sockets[0]?.closed).toBe(true);
		await settled();
		clock.advance(500);
		expect(sockets).toHaveLength(2);
	});

	it('before hello ends it too', async () => {
		const { clock, sockets } = setUp();
		clock.advance(10_000);
		await settled();
		clock.advance(500);
		expect(sockets).toHaveLength(2);
	});

	it('is checked at once when nudged', () => {
		const { connection, last } = setUp();
		last().hello();
		connection.nudge();
		expect(last().sent).toEqual(['{"action":"ping"}']);
	});
});

describe('the network', () => {
	it('ends the socket at once when it is gone', async () => {
		const { connection, clock, sockets, states, last, world } = setUp();
		last().hello();
		connection.networkGone();
		expect(last().closed).toBe(true);
		expect(states.at(-1)).toBe('waiting');
		// The browser may be wrong about it: attempts go on.
		await settled();
		clock.advance(500);
		expect(sockets).toHaveLength(2);
		expect(world.probes).toBe(0);
	});

	it('leads to a new attempt at once when it is back', async () => {
		const { connection, clock, sockets, last } = setUp();
		last().hello();
		connection.networkGone();
		connection.networkBack();
		expect(sockets).toHaveLength(2);
		// An attempt that hangs is given up.
		connection.networkBack();
		expect(sockets).toHaveLength(3);
		expect(sockets[1]?.closed).toBe(true);
		last().hello();
		connection.networkBack();
		expect(last().sent).toEqual(['{"action":"ping"}']);
		last().say({ type: 'pong', room_id: null, data: {} });
		await settled();
		clock.advance(10_000);
		expect(sockets).toHaveLength(3);
	});

	it('changes nothing after it was stopped', () => {
		const { connection, sockets } = setUp();
		connection.stop();
		connection.networkGone();
		connection.networkBack();
		expect(sockets).toHaveLength(1);
	});
});

it('says and hears nothing after it was stopped', async () => {
	const { connection, clock, sockets, events, last } = setUp();
	last().hello();
	connection.stop();
	last().say({ type: 'resync' });
	connection.nudge();
	await settled();
	clock.advance(60_000);
	expect(sockets).toHaveLength(1);
	expect(events).toEqual(['hello']);
	expect(connection.send({ action: 'ping' })).toBe(false);
});

it('backs off between half and all of a doubling step, up to 15 s', () => {
	expect(backoff(0, () => 0)).toBe(250);
	expect(backoff(0, () => 1)).toBe(500);
	expect(backoff(3, () => 1)).toBe(4000);
	expect(backoff(50, () => 1)).toBe(15_000);
	expect(backoff(50, () => 0)).toBe(7_500);
});
