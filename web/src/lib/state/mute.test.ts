import { expect, it } from 'vitest';
import { isForever, mutedUntil } from './mute';

const now = new Date(2026, 2, 10, 22, 30);

it('mutes for as long as was chosen', () => {
	expect(mutedUntil('hour', now)).toBe(new Date(2026, 2, 10, 23, 30).toISOString());
	expect(mutedUntil('eight_hours', now)).toBe(new Date(2026, 2, 11, 6, 30).toISOString());
	expect(mutedUntil('tomorrow', now)).toBe(new Date(2026, 2, 11, 8).toISOString());
});

it('knows what has no end', () => {
	expect(isForever(mutedUntil('always', now))).toBe(true);
	expect(isForever(mutedUntil('tomorrow', now))).toBe(false);
});
