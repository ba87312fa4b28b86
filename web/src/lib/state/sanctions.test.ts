import { expect, it } from 'vitest';
import type { Sanction } from '$lib/api/types';
import { isLive, liveMute, unreadWarnings } from './sanctions';

const now = new Date('2026-03-10T12:00:00.000Z');

const sanction = (id: string, over: Partial<Sanction>): Sanction => ({
	id,
	user: { id: 'ben', username: 'ben', display_name: 'Ben', avatar_url: null, is_bot: false },
	kind: 'warning',
	reason: 'Too loud',
	created_by: null,
	created_at: '2026-03-09T12:00:00.000Z',
	ends_at: null,
	lifted_at: null,
	...over,
});

it('holds until it ends or is lifted', () => {
	expect(isLive({ ends_at: null, lifted_at: null }, now)).toBe(true);
	expect(isLive({ ends_at: '2026-03-10T12:00:01.000Z', lifted_at: null }, now)).toBe(true);
	expect(isLive({ ends_at: '2026-03-10T12:00:00.000Z', lifted_at: null }, now)).toBe(false);
	expect(isLive({ ends_at: null, lifted_at: '2026-03-10T11:00:00.000Z' }, now)).toBe(false);
});

it('finds the mute that holds longest', () => {
	const short = sanction('short', { kind: 'mute', ends_at: '2026-03-11T12:00:00.000Z' });
	const endless = sanction('endless', { kind: 'mute' });
	const over = sanction('over', { kind: 'mute', ends_at: '2026-03-10T11:00:00.000Z' });
	expect(liveMute([short, endless, over], now)).toBe(endless);
	expect(liveMute([over, short], now)).toBe(short);
	expect(liveMute([over, sanction('warning', {})], now)).toBeNull();
});

it('tells the warnings that are new, the oldest first', () => {
	const first = sanction('first', { created_at: '2026-03-08T12:00:00.000Z' });
	const second = sanction('second', {});
	const lifted = sanction('lifted', { lifted_at: '2026-03-09T13:00:00.000Z' });
	const mute = sanction('mute', { kind: 'mute' });
	expect(unreadWarnings([mute, lifted, second, first], '')).toEqual([first, second]);
	expect(unreadWarnings([second, first], first.created_at)).toEqual([second]);
});
