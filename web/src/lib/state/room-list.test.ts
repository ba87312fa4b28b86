import { describe, expect, it } from 'vitest';
import { ana, edited, luis, message, room } from '$lib/testing/messages';
import {
	applyRoomUpdated,
	applyToRoom,
	isCleared,
	isGap,
	listIsStale,
	mergeRoom,
	showsNoChange,
	sortRooms,
} from './room-list';

describe('a timeline event', () => {
	it('counts once, however often it comes', () => {
		const once = applyToRoom(room('a', { revision: 1 }), 'message', message(2), luis.id);
		const twice = applyToRoom(once, 'message', message(2), luis.id);
		expect(once).toMatchObject({ revision: 2, unread_count: 1, last_message: { id: 'm2' } });
		expect(twice).toBe(once);
	});

	it('counts what mentions us apart', () => {
		const named = applyToRoom(room('a'), 'message', message(1, { mentions: [luis.id] }), luis.id);
		const all = applyToRoom(named, 'message', message(2, { mentions_room: true }), luis.id);
		const none = applyToRoom(all, 'message', message(3, { mentions: ['carla'] }), luis.id);
		expect(none).toMatchObject({ unread_count: 3, mention_count: 2 });
	});

	it('counts neither our own nor system messages', () => {
		const start = room('a');
		expect(applyToRoom(start, 'message', message(1), ana.id).unread_count).toBe(0);
		const system = message(1, { message_type: 'system' });
		expect(applyToRoom(start, 'message', system, luis.id).unread_count).toBe(0);
	});

	it('changes the last message where that is the one', () => {
		const start = room('a', { revision: 2, last_message: message(2) });
		const changed = applyToRoom(start, 'message_edited', edited(2, 3), luis.id);
		expect(changed.last_message?.content).toBe('edit 3');
		const other = applyToRoom(start, 'message_edited', edited(1, 3), luis.id);
		expect(other.last_message?.content).toBe('text 2');
	});

	it('tells a gap', () => {
		expect(isGap(room('a', { revision: 2 }), message(3))).toBe(false);
		expect(isGap(room('a', { revision: 2 }), message(4))).toBe(true);
	});
});

describe('a fetched room', () => {
	it('does not undo events that overtook it', () => {
		const held = room('a', { revision: 5, unread_count: 3, last_message: message(5) });
		const merged = mergeRoom(held, room('a', { revision: 4, name: 'new' }));
		expect(merged).toMatchObject({ revision: 5, unread_count: 3, name: 'new' });
		expect(merged.last_message?.id).toBe('m5');
	});

	it('counts where it is newer', () => {
		const merged = mergeRoom(room('a', { unread_count: 3 }), room('a', { revision: 9 }));
		expect(merged).toMatchObject({ revision: 9, unread_count: 0 });
	});
});

describe('a room_updated event', () => {
	const held = room('a', { my_role: 'owner', unread_count: 2, revision: 5, participants: [ana] });
	const event = { ...held, my_role: null, unread_count: null, last_message: null, revision: 6 };

	it('changes what all members share and nothing else', () => {
		const updated = applyRoomUpdated(held, { ...event, name: 'new', participant_count: 9 });
		expect(updated).toEqual({ ...held, name: 'new', participant_count: 9 });
	});

	it('that shows no change is about our own part', () => {
		expect(showsNoChange(held, event)).toBe(true);
		expect(showsNoChange(held, { ...event, topic: 'new' })).toBe(false);
	});
});

it('knows a room whose past we have cleared', () => {
	const held = room('a', { revision: 5, last_message: message(5) });
	expect(isCleared(held, room('a', { revision: 5 }))).toBe(true);
	expect(isCleared(held, { ...held, pinned: true })).toBe(false);
	expect(isCleared(undefined, room('a'))).toBe(false);
});

it('sorts by the latest activity', () => {
	const quiet = room('quiet');
	const busy = room('busy', { last_message: message(9) });
	const older = room('older', { last_message: message(3) });
	expect(sortRooms([quiet, older, busy]).map(({ id }) => id)).toEqual(['busy', 'older', 'quiet']);
});

it('is stale when hello knows more', () => {
	const rooms = [room('a', { revision: 3 })];
	const said = (id: string, revision: number) => ({
		id,
		revision,
		unread_count: 0,
		mention_count: 0,
	});
	expect(listIsStale(rooms, [said('a', 3)])).toBe(false);
	expect(listIsStale(rooms, [said('a', 4)])).toBe(true);
	expect(listIsStale(rooms, [said('b', 1)])).toBe(true);
	expect(listIsStale(rooms, [])).toBe(true);
});
