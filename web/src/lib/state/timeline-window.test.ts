import { expect, it } from 'vitest';
import { message } from '$lib/testing/messages';
import {
	bounded,
	hasHiddenAbove,
	MAX_SHOWN,
	newestWindow,
	roomAround,
	shownIn,
	stepDown,
	stepUp,
	windowFrom,
} from './timeline-window';

/** Every second `seq`, as in a room where half of the changes are edits. */
const messages = Array.from({ length: 500 }, (_, index) => message(index * 2 + 1));

it('begins at the newest', () => {
	const window = newestWindow(messages);
	expect(shownIn(messages, window).at(-1)).toBe(messages.at(-1));
	expect(hasHiddenAbove(messages, window)).toBe(true);
	expect(newestWindow([])).toEqual({ from: 0, to: null });
});

it('begins a little before the first unread message', () => {
	const early = shownIn(messages, windowFrom(messages, 201));
	expect(early).toHaveLength(MAX_SHOWN);
	expect(early[20]?.seq).toBe(201);
	const late = shownIn(messages, windowFrom(messages, 999));
	expect(late).toHaveLength(80);
	expect(late.at(-1)).toBe(messages.at(-1));
	expect(windowFrom([], 5)).toEqual({ from: 0, to: null });
});

it('walks up to the oldest and down again without a hole, never showing too many', () => {
	let window = newestWindow(messages);
	let before = shownIn(messages, window);
	for (let step = 0; step < 20 && hasHiddenAbove(messages, window); step++) {
		window = stepUp(messages, window);
		const now = shownIn(messages, window);
		expect(now.length).toBeLessThanOrEqual(MAX_SHOWN);
		expect(now).toContain(before[0]);
		before = now;
	}
	expect(before[0]).toBe(messages[0]);
	for (let step = 0; step < 20 && window.to !== null; step++) {
		window = stepDown(messages, window);
		const now = shownIn(messages, window);
		expect(now.length).toBeLessThanOrEqual(MAX_SHOWN);
		expect(now).toContain(before.at(-1));
		before = now;
	}
	expect(before.at(-1)).toBe(messages.at(-1));
});

it('lets new messages in only where the end is shown', () => {
	const more = [...messages, message(9_999)];
	const atEnd = newestWindow(messages);
	expect(shownIn(more, atEnd).at(-1)?.seq).toBe(9_999);
	let away = atEnd;
	for (let step = 0; step < 4; step++) away = stepUp(messages, away);
	expect(shownIn(more, away)).toEqual(shownIn(messages, away));
});

it('takes what is too much out at the end that is further away', () => {
	const all = { from: 1, to: null };
	const below = bounded(messages, all, true);
	expect(shownIn(messages, below)).toEqual(messages.slice(-MAX_SHOWN));
	expect(roomAround(messages, below)).toEqual({ before: 500 - MAX_SHOWN, after: 0 });
	const above = bounded(messages, all, false);
	expect(shownIn(messages, above)).toEqual(messages.slice(0, MAX_SHOWN));
	expect(roomAround(messages, above)).toEqual({ before: 0, after: 500 - MAX_SHOWN });
	expect(bounded(messages, above, true)).toBe(above);
});
