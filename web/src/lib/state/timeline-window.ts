import type { Message } from '$lib/api/types';
import { indexFrom } from './timeline';

/** Which of the loaded messages are in the page: from one `seq` to another, or to the newest (`null`). */
export interface TimelineWindow {
	from: number;
	to: number | null;
}

/** At most so many messages are in the page at once. */
export const MAX_SHOWN = 200;
const STEP = 60;
const BEFORE = 20;

export function newestWindow(messages: readonly Message[], count = STEP): TimelineWindow {
	return { from: messages.at(-count)?.seq ?? messages[0]?.seq ?? 0, to: null };
}

/** From a little before the message `seq` on. */
export function windowFrom(messages: readonly Message[], seq: number): TimelineWindow {
	const start = Math.max(0, Math.min(indexFrom(messages, seq), messages.length - STEP) - BEFORE);
	const last = messages[start + MAX_SHOWN - 1];
	return {
		from: messages[start]?.seq ?? 0,
		to: start + MAX_SHOWN < messages.length && last ? last.seq : null,
	};
}

export function shownIn(messages: readonly Message[], window: TimelineWindow): readonly Message[] {
	const { from, to } = window;
	return messages.slice(indexFrom(messages, from), to === null ? undefined : endAt(messages, to));
}

/** A step towards the past; what falls out of the page at the other end stays loaded. */
export function stepUp(messages: readonly Message[], window: TimelineWindow): TimelineWindow {
	const start = Math.max(0, indexFrom(messages, window.from) - STEP);
	const end = start + MAX_SHOWN;
	const to = end >= messages.length ? window.to : (messages[end - 1]?.seq ?? null);
	return { from: messages[start]?.seq ?? window.from, to: smaller(to, window.to) };
}

/** A step towards the newest message. */
export function stepDown(messages: readonly Message[], window: TimelineWindow): TimelineWindow {
	if (window.to === null) return window;
	const end = indexFrom(messages, window.to + 1) + STEP;
	const to = end >= messages.length ? null : (messages[end - 1]?.seq ?? null);
	const start = Math.max(0, Math.min(end, messages.length) - MAX_SHOWN);
	return { from: Math.max(window.from, messages[start]?.seq ?? 0), to };
}

export function hasHiddenAbove(messages: readonly Message[], window: TimelineWindow): boolean {
	return (messages[0]?.seq ?? window.from) < window.from;
}

/** Takes what is too much out of the page, at the end that is further away. */
export function bounded(
	messages: readonly Message[],
	window: TimelineWindow,
	fromEnd: boolean,
): TimelineWindow {
	const start = indexFrom(messages, window.from);
	const end = window.to === null ? messages.length : endAt(messages, window.to);
	if (end - start <= MAX_SHOWN) return window;
	if (fromEnd) return { from: messages[end - MAX_SHOWN]?.seq ?? window.from, to: window.to };
	return { from: window.from, to: messages[start + MAX_SHOWN - 1]?.seq ?? null };
}

/** How many messages are loaded before and after those in the page. */
export function roomAround(messages: readonly Message[], { from, to }: TimelineWindow) {
	const after = to === null ? 0 : messages.length - endAt(messages, to);
	return { before: indexFrom(messages, from), after };
}

function endAt(messages: readonly Message[], to: number): number {
	return indexFrom(messages, to + 1);
}

function smaller(a: number | null, b: number | null): number | null {
	if (a === null || b === null) return a ?? b;
	return Math.min(a, b);
}
