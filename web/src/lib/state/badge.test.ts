import { describe, expect, it } from 'vitest';
import { room } from '$lib/testing/messages';
import { badgeText, markWithBadge, waitingIn } from './badge';

const now = new Date('2026-03-10T12:00:00Z');

describe('what waits', () => {
	it('is added up over the rooms that are not muted', () => {
		const rooms = [
			room('a', { unread_count: 3, mention_count: 1 }),
			room('b', { unread_count: 2 }),
			room('muted', { unread_count: 9, mention_count: 9, muted_until: '2026-03-10T13:00:00.000Z' }),
			room('past', { unread_count: 1, muted_until: '2026-03-10T11:00:00.000Z' }),
			room('unknown', { unread_count: null, mention_count: null }),
		];
		expect(waitingIn(rooms, now)).toEqual({ unread: 6, mentions: 1 });
	});

	it('is short, and mentions stand before what else is unread', () => {
		expect(badgeText({ unread: 0, mentions: 0 })).toBe('');
		expect(badgeText({ unread: 3, mentions: 0 })).toBe('3');
		expect(badgeText({ unread: 300, mentions: 0 })).toBe('99+');
		expect(badgeText({ unread: 300, mentions: 2 })).toBe('@2');
	});
});

describe('the sign of the page', () => {
	const svg = '<svg><path/></svg>';

	it('stays as it is where nothing waits', () => {
		expect(markWithBadge(svg, { unread: 0, mentions: 0 })).toBe(svg);
	});

	it('has a dot, and for mentions their number', () => {
		const unread = markWithBadge(svg, { unread: 12, mentions: 0 });
		expect(unread).toMatch(/^<svg><path\/><circle .*<\/svg>$/);
		expect(unread).not.toContain('<text');
		expect(markWithBadge(svg, { unread: 12, mentions: 2 })).toContain('>2</text>');
		expect(markWithBadge(svg, { unread: 12, mentions: 12 })).toContain('>9+</text>');
	});
});
