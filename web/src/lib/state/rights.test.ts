import { describe, expect, it } from 'vitest';
import type { Me, Role } from '$lib/api/types';
import { ana, luis, message, room } from '$lib/testing/messages';
import { mayAddMembers, mayDelete, mayEdit, mayLeave, mayReply, mayWrite } from './rights';

const me = { ...ana, is_staff: false } as Me;
const mine = message(1);
const theirs = message(2, { sender: luis });

describe.each<[Role, boolean]>([
	['owner', true],
	['admin', true],
	['member', false],
])('as %s of a group', (my_role, administers) => {
	const group = room('group', { my_role });

	it('one edits and deletes what is one’s own', () => {
		expect([mayEdit(group, mine, me), mayDelete(group, mine, me)]).toEqual([true, true]);
		expect(mayEdit(group, theirs, me)).toBe(false);
	});

	it('administers or does not', () => {
		expect(mayDelete(group, theirs, me)).toBe(administers);
		expect(mayAddMembers(group)).toBe(administers);
	});
});

it('staff deletes anywhere', () => {
	expect(mayDelete(room('group'), theirs, { ...me, is_staff: true })).toBe(true);
});

it('nothing is changed in a closed room', () => {
	const closed = room('closed', { is_active: false, my_role: 'owner' });
	expect([mayWrite(closed), mayReply(closed, mine), mayDelete(closed, mine, me)]).toEqual([
		false,
		false,
		false,
	]);
	expect(mayAddMembers(closed)).toBe(false);
});

it('a direct room is neither left nor administered', () => {
	const direct = room('direct', { room_type: 'direct', my_role: 'owner' });
	expect([mayLeave(direct), mayAddMembers(direct), mayDelete(direct, theirs, me)]).toEqual([
		false,
		false,
		false,
	]);
});

it('deleted and system messages offer nothing', () => {
	for (const over of [{ is_deleted: true }, { message_type: 'system' as const }]) {
		const closed = message(3, over);
		const group = room('group', { my_role: 'owner' });
		expect([
			mayReply(group, closed),
			mayEdit(group, closed, me),
			mayDelete(group, closed, me),
		]).toEqual([false, false, false]);
	}
});
