import { describe, expect, it } from 'vitest';
import { room } from '$lib/testing/messages';
import { inOrder, isMuted, neighbour, sectionsOf, unreadNeighbour } from './room-sections';

const now = new Date('2026-03-10T12:00:00Z');
const later = '2026-03-10T13:00:00.000Z';
const ids = (rooms: readonly { id: string }[]) => rooms.map(({ id }) => id);

describe('the sections', () => {
	const sections = sectionsOf([
		room('club', { visibility: 'public' }),
		room('ana', { room_type: 'direct' }),
		room('board'),
		room('top', { visibility: 'public', pinned: true }),
		room('team'),
	]);

	it('hold each room once, in the order of the list', () => {
		expect(sections.map(({ kind, rooms }) => [kind, ids(rooms)])).toEqual([
			['pinned', ['top']],
			['direct', ['ana']],
			['groups', ['board', 'team']],
			['public', ['club']],
		]);
	});

	it('give the order in which one goes through them', () => {
		expect(ids(inOrder(sections, ['groups']))).toEqual(['top', 'ana', 'club']);
	});
});

it('is muted up to a time', () => {
	expect(isMuted(room('a', { muted_until: later }), now)).toBe(true);
	expect(isMuted(room('a', { muted_until: '2026-03-10T11:00:00.000Z' }), now)).toBe(false);
	expect(isMuted(room('a'), now)).toBe(false);
});

describe('going on', () => {
	const rooms = [
		room('a'),
		room('b', { unread_count: 2 }),
		room('c', { unread_count: 1, muted_until: later }),
		room('d', { unread_count: 1 }),
	];

	it('leads round and round', () => {
		expect(neighbour(rooms, 'a', 1)?.id).toBe('b');
		expect(neighbour(rooms, 'a', -1)?.id).toBe('d');
		expect(neighbour(rooms, undefined, 1)?.id).toBe('a');
		expect(neighbour([], 'a', 1)).toBeUndefined();
	});

	it('to what is unread passes over muted rooms', () => {
		expect(unreadNeighbour(rooms, 'b', 1, now)?.id).toBe('d');
		expect(unreadNeighbour(rooms, 'a', -1, now)?.id).toBe('d');
		expect(unreadNeighbour([room('a')], 'a', 1, now)).toBeUndefined();
	});
});
