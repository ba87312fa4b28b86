import { expect, it } from 'vitest';
import { ana, luis, room } from '$lib/testing/messages';
import { findRooms, recentFirst } from './room-finder';

const rooms = [
	room('1', { name: 'Garden' }),
	room('2', {
		name: null,
		room_type: 'direct',
		participants: [luis, { ...ana, username: 'roses', display_name: 'Ana Ruiz' }],
	}),
	room('3', { name: 'Big garden party' }),
];
const ids = (found: readonly { id: string }[]) => found.map(({ id }) => id);

it('finds rooms by their name, the best first', () => {
	const found = findRooms(rooms, 'garden', luis.id).map(({ room: { id } }) => id);
	expect(found).toEqual(['1', '3']);
});

it('finds whom one talks to by the username too', () => {
	expect(findRooms(rooms, 'roses', luis.id).map(({ name }) => name)).toEqual(['Ana Ruiz']);
});

it('puts first where one was last, and last where one is', () => {
	expect(ids(recentFirst(rooms, ['1', '3'], '1'))).toEqual(['3', '2', '1']);
	expect(ids(recentFirst(rooms, [], undefined))).toEqual(['1', '2', '3']);
});
