import { expect, it } from 'vitest';
import { FakeClock, settled } from '$lib/testing/fake-clock';
import { QUIET_MS, Rest } from './rest';

function setUp() {
	const clock = new FakeClock();
	let load: (() => void) | null = null;
	const rest = new Rest({
		clock,
		loads: (heard) => {
			load = heard;
			return () => (load = null);
		},
	});
	let reached = false;
	void rest.reached.then(() => (reached = true));
	return {
		clock,
		rest,
		load: () => load?.(),
		heeds: () => load !== null,
		reached: async () => {
			await settled();
			return reached;
		},
	};
}

it('comes once nothing has been loaded for a while', async () => {
	const { clock, rest, load, heeds, reached } = setUp();
	rest.begin(() => false);
	clock.advance(QUIET_MS - 1);
	load();
	clock.advance(QUIET_MS - 1);
	expect(await reached()).toBe(false);
	clock.advance(1);
	expect(await reached()).toBe(true);
	expect(heeds()).toBe(false);
});

it('does not come while something is still waited for', async () => {
	const { clock, rest, reached } = setUp();
	let busy = true;
	rest.begin(() => busy);
	clock.advance(QUIET_MS * 5);
	expect(await reached()).toBe(false);
	busy = false;
	clock.advance(QUIET_MS);
	expect(await reached()).toBe(true);
});

it('does not come by itself', async () => {
	const { clock, reached } = setUp();
	clock.advance(QUIET_MS * 5);
	expect(await reached()).toBe(false);
});
