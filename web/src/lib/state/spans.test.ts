import { expect, it } from 'vitest';
import { chosenEnd, endOf } from './spans';

const now = Date.parse('2026-03-10T12:00:00.000Z');

it('ends after a span, or never', () => {
	expect(endOf('hour', now)).toBe('2026-03-10T13:00:00.000Z');
	expect(endOf('week', now)).toBe('2026-03-17T12:00:00.000Z');
	expect(endOf('never', now)).toBeNull();
});

it('ends at the moment that was chosen, where the reader is', () => {
	const until = '2026-04-01T09:30';
	const iso = new Date(2026, 3, 1, 9, 30).toISOString();
	expect(chosenEnd({ span: 'until', until }, now)).toBe(iso);
	expect(chosenEnd({ span: 'until', until: '' }, now)).toBeNull();
	expect(chosenEnd({ span: 'day', until }, now)).toBe('2026-03-11T12:00:00.000Z');
});
