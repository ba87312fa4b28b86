const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long something may last, in milliseconds; 0 for ever. */
export const spans = {
	hour: HOUR_MS,
	day: DAY_MS,
	week: 7 * DAY_MS,
	month: 30 * DAY_MS,
	never: 0,
} as const;
export type Span = keyof typeof spans;

/** When that ends which begins now; null where it never does. */
export function endOf(span: Span, now: number): string | null {
	return spans[span] ? new Date(now + spans[span]).toISOString() : null;
}

/** What somebody has chosen for an end: a span from now, or a moment (as `datetime-local` has it, where they are). */
export interface ChosenEnd {
	span: Span | 'until';
	until: string;
}

/** Null where there is none. */
export function chosenEnd({ span, until }: ChosenEnd, now: number): string | null {
	if (span !== 'until') return endOf(span, now);
	return until ? new Date(until).toISOString() : null;
}
