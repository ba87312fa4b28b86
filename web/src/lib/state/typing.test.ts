import { expect, it } from 'vitest';
import { FakeClock } from '$lib/testing/fake-clock';
import { TypingPeople, TypingSignal } from './typing.svelte';

it('forgets somebody whose end was lost', () => {
	const clock = new FakeClock();
	const typing = new TypingPeople(clock);
	typing.set('1', 'ana', true);
	clock.advance(5_000);
	typing.set('1', 'ana', true);
	clock.advance(5_000);
	expect(typing.people).toEqual([['1', 'ana']]);
	clock.advance(2_000);
	expect(typing.people).toEqual([]);
});

it('says now and then that we type, and once that we stopped', () => {
	const clock = new FakeClock();
	const said: string[] = [];
	const signal = new TypingSignal(clock, (room, typing) => said.push(`${room} ${typing}`) > 0);
	for (let key = 0; key < 40; key++) {
		signal.typed('a');
		clock.advance(100);
	}
	signal.stop();
	signal.stop();
	signal.typed('b');
	signal.typed('c');
	expect(said).toEqual(['a true', 'a true', 'a false', 'b true', 'b false', 'c true']);
});

it('says with the next key what could not be said', () => {
	const clock = new FakeClock();
	const said: string[] = [];
	let online = false;
	const signal = new TypingSignal(clock, (room, typing) => {
		if (online) said.push(`${room} ${typing}`);
		return online;
	});
	signal.typed('a');
	online = true;
	signal.typed('a');
	signal.typed('a');
	signal.stop();
	expect(said).toEqual(['a true', 'a false']);
});
