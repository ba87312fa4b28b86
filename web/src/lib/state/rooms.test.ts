import { beforeEach, expect, it, vi } from 'vitest';
import { getRoom, listRooms } from '$lib/api/rooms';
import type { Room } from '$lib/api/types';
import { settled } from '$lib/testing/fake-clock';
import { ana, luis, message, room } from '$lib/testing/messages';
import { Rooms } from './rooms.svelte';

vi.mock('$lib/api/rooms', () => ({ listRooms: vi.fn(), getRoom: vi.fn() }));

let answers: ((list: Room[]) => void)[];
let server: Map<string, Room>;
let rooms: Rooms;
let failures: number;

const named = (id: string, name: string) => room(id, { name });
const names = () => rooms.list.map(({ id, name }) => `${id} ${name}`).sort();

async function answer(...list: Room[]): Promise<void> {
	answers.shift()?.(list);
	await settled();
}

beforeEach(() => {
	answers = [];
	failures = 0;
	server = new Map();
	vi.mocked(listRooms).mockImplementation(() => new Promise((go) => answers.push(go)));
	vi.mocked(getRoom).mockReset();
	vi.mocked(getRoom).mockImplementation(async (id) => {
		const found = server.get(id);
		if (!found) throw new Error('none');
		return found;
	});
	rooms = new Rooms(
		ana.id,
		() => undefined,
		() => (failures += 1),
	);
	void rooms.load();
});

it('keeps a room that was added while the list was on its way', async () => {
	rooms.put(named('new', 'Garden'));
	server.set('new', named('new', 'Garden'));
	await answer(named('old', 'Kitchen'));
	expect(names()).toEqual(['new Garden', 'old Kitchen']);
});

it('does not bring back a room that was removed meanwhile', async () => {
	rooms.remove('gone');
	await answer(named('gone', 'Cellar'), named('old', 'Kitchen'));
	expect(rooms.loaded).toBe(false);
	await answer(named('old', 'Kitchen'));
	expect(names()).toEqual(['old Kitchen']);
});

it('keeps what was changed meanwhile, and asks for that room alone', async () => {
	await answer(named('a', 'Kitchen'), named('b', 'Attic'));
	void rooms.load();
	rooms.updated(named('a', 'Garden'), false);
	rooms.setUnread('b', 0, 0);
	server.set('a', named('a', 'Garden'));
	await answer(named('a', 'Kitchen'), named('b', 'Attic'));
	expect(names()).toEqual(['a Garden', 'b Attic']);
	expect(vi.mocked(getRoom).mock.calls).toEqual([['a']]);
});

it('asks for nothing more where messages alone came meanwhile', async () => {
	await answer(named('a', 'Kitchen'));
	void rooms.load();
	rooms.receive('message', message(1, { room: 'a' }));
	await answer(named('a', 'Kitchen'));
	expect(rooms.get('a')?.last_message?.id).toBe('m1');
	expect(getRoom).not.toHaveBeenCalled();
});

it('takes the answer in place of what it began with', async () => {
	rooms.restore([named('a', 'Kitchen'), named('b', 'Attic')]);
	await answer(named('a', 'Garden'));
	expect(names()).toEqual(['a Garden']);
	expect(getRoom).not.toHaveBeenCalled();
});

it('asks again for one room that has changed while it was on its way', async () => {
	await answer(named('a', 'Kitchen'));
	server.set('a', named('a', 'Cellar'));
	const refreshed = rooms.refresh('a');
	server.set('a', named('a', 'Garden'));
	rooms.updated(named('a', 'Garden'), false);
	await refreshed;
	expect(names()).toEqual(['a Garden']);
	rooms.remove('a');
	expect(rooms.none).toBe(true);
});

it('tells where what it holds could not be fetched anew', async () => {
	await answer(named('a', 'Kitchen'));
	vi.mocked(listRooms).mockRejectedValueOnce(new Error('no network'));
	await rooms.load();
	expect(failures).toBe(1);
	expect(rooms.failed).toBe(false);
	expect(names()).toEqual(['a Kitchen']);
});

it('goes back with a server that has gone back', async () => {
	await answer(
		room('a', { revision: 9, last_message: message(9, { room: 'a' }), unread_count: 4 }),
	);
	const restored = room('a', { revision: 7, last_message: message(7, { room: 'a' }) });
	void rooms.greet([{ id: 'a', revision: 7, unread_count: 0, mention_count: 0 }], true);
	await settled();
	await answer(restored);
	expect(rooms.get('a')).toEqual(restored);
	rooms.receive('message', message(8, { room: 'a' }));
	expect(rooms.get('a')).toMatchObject({ revision: 8, last_message: { id: 'm8' } });
});

it('takes one room as it is fetched, unless an event came meanwhile', async () => {
	await answer(room('a', { revision: 9 }), room('b', { revision: 9 }));
	server.set('a', room('a', { revision: 7 }));
	await rooms.refresh('a');
	expect(rooms.get('a')?.revision).toBe(7);
	server.set('b', room('b', { revision: 9 }));
	const asked = rooms.refresh('b');
	rooms.receive('message', message(10, { room: 'b' }));
	server.set('b', room('b', { revision: 10, last_message: message(10, { room: 'b' }) }));
	await asked;
	expect(rooms.get('b')?.revision).toBe(10);
});

it('counts once what `hello` knows and an event tells as well', async () => {
	await answer(room('a', { revision: 5, unread_count: 0 }));
	void rooms.greet([{ id: 'a', revision: 6, unread_count: 1, mention_count: 0 }], false);
	await settled();
	rooms.receive('message', message(6, { room: 'a', sender: luis }));
	expect(rooms.get('a')).toMatchObject({ revision: 6, unread_count: 1 });
});
