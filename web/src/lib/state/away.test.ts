import { expect, it } from 'vitest';
import { FakeClock } from '$lib/testing/fake-clock';
import { Away } from './away.svelte';

function setUp() {
	const clock = new FakeClock();
	const noticed: number[] = [];
	const away = new Away(clock, () => noticed.push(clock.now()));
	return { clock, noticed, away };
}

it('passes over a blink', () => {
	const { clock, noticed, away } = setUp();
	away.disconnected(false);
	clock.advance(1_000);
	away.connected();
	clock.advance(10_000);
	expect(away.shows).toBe(false);
	expect(noticed).toEqual([]);
});

it('shows after a moment, and until there is a connection', () => {
	const { clock, noticed, away } = setUp();
	away.disconnected(false);
	clock.advance(1_000);
	away.disconnected(false);
	clock.advance(500);
	expect(away.shows).toBe(true);
	away.disconnected(true);
	expect(noticed).toEqual([1_500]);
	away.connected();
	expect(away.shows).toBe(false);
});

it('shows at once when the network is gone', () => {
	const { noticed, away } = setUp();
	away.disconnected(false);
	away.disconnected(true);
	expect(away.shows).toBe(true);
	expect(noticed).toEqual([0]);
});

it('says for a moment that the connection is back, where it was said to be gone', () => {
	const { clock, away } = setUp();
	away.disconnected(false);
	away.connected();
	expect(away.back).toBe(false);
	away.disconnected(true);
	away.connected();
	expect(away.back).toBe(true);
	clock.advance(3_000);
	expect(away.back).toBe(false);
});

it('does not say so while it is gone again', () => {
	const { clock, away } = setUp();
	away.disconnected(true);
	away.connected();
	clock.advance(1_000);
	away.disconnected(false);
	clock.advance(1_500);
	expect([away.shows, away.back]).toEqual([true, false]);
	away.connected();
	clock.advance(1_000);
	expect(away.back).toBe(true);
});
