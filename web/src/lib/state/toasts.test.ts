import { expect, it } from 'vitest';
import { FakeClock } from '$lib/testing/fake-clock';
import { LONGEST_HOLD_MS, TOAST_MS, Toasts } from './toasts.svelte';

function setUp() {
	const clock = new FakeClock();
	const toasts = new Toasts(clock);
	const done: string[] = [];
	const show = (text: string) =>
		toasts.show(
			text,
			{ label: 'Undo', run: () => done.push(`${text} undone`) },
			() => void done.push(`${text} past`),
		);
	return { clock, toasts, done, show, texts: () => toasts.list.map(({ text }) => text) };
}

it('goes by itself after a while', () => {
	const { clock, done, show, texts } = setUp();
	show('one');
	clock.advance(TOAST_MS - 1);
	expect(texts()).toEqual(['one']);
	clock.advance(1);
	expect(texts()).toEqual([]);
	expect(done).toEqual(['one past']);
});

it('stays while it is held, and a while afterwards', () => {
	const { clock, toasts, done, show, texts } = setUp();
	show('one');
	clock.advance(TOAST_MS - 1);
	toasts.hold(true);
	show('two');
	clock.advance(TOAST_MS * 9);
	expect(texts()).toEqual(['one', 'two']);
	toasts.hold(false);
	clock.advance(TOAST_MS - 1);
	expect(done).toEqual([]);
	clock.advance(1);
	expect(done).toEqual(['one past', 'two past']);
});

it('is held for a minute at most, and can be held anew', () => {
	const { clock, toasts, done, show } = setUp();
	show('one');
	toasts.hold(true);
	clock.advance(LONGEST_HOLD_MS);
	clock.advance(TOAST_MS - 1);
	expect(done).toEqual([]);
	toasts.hold(true);
	clock.advance(LONGEST_HOLD_MS + TOAST_MS - 1);
	expect(done).toEqual([]);
	clock.advance(1);
	expect(done).toEqual(['one past']);
});

it('is not past once it is taken or withdrawn', () => {
	const { clock, toasts, done, show } = setUp();
	show('one');
	toasts.list[0]?.action?.run();
	toasts.dismiss(show('two'));
	clock.advance(TOAST_MS * 2);
	expect(done).toEqual(['one undone']);
});

it('holds nothing that comes after the last one has gone from under the pointer', () => {
	const { clock, toasts, show, texts } = setUp();
	const one = show('one');
	toasts.hold(true);
	toasts.dismiss(one);
	show('two');
	clock.advance(TOAST_MS);
	expect(texts()).toEqual([]);
});
