import { expect, it } from 'vitest';
import { ana, luis, room } from '$lib/testing/messages';
import { hueOf, initials, otherPerson, personName, roomName } from './names';

it('calls a direct room by the other person', () => {
	const direct = room('d', { room_type: 'direct', name: null, participants: [ana, luis] });
	expect(otherPerson(direct, ana.id)).toBe(luis);
	expect(roomName(direct, ana.id)).toBe('Luis');
	expect(roomName(room('g', { name: 'Group' }), ana.id)).toBe('Group');
	expect(roomName(room('d', { room_type: 'direct', name: null }), ana.id)).toBeNull();
});

it('falls back to the username', () => {
	expect(personName({ display_name: '', username: 'ana' })).toBe('ana');
});

it('takes initials by letters, not by code units', () => {
	expect(initials('Luis Prado Gil')).toBe('LG');
	expect(initials('  ñandú ')).toBe('Ñ');
	expect(initials('🦊 fox')).toBe('🦊F');
	expect(initials('')).toBe('?');
});

it('gives the same id the same colour', () => {
	expect(hueOf('abc')).toBe(hueOf('abc'));
	expect(hueOf('abc')).toBeLessThan(6);
});
