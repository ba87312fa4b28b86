import { expect, it } from 'vitest';
import { fakeStorage } from '$lib/testing/fake-storage';
import { forgetAccount, forgetNamed, roomsBegun } from './forget-account';

const device = { 'charla.theme': 'dark', 'charla.language': 'es', 'charla.notifications': '{}' };
const bens = { 'charla.outbox.ben.1': '{}', 'charla.draft.ben.garden': '{}' };
const anas = {
	'charla.outbox.ana.1': '{}',
	'charla.draft.ana.garden': '{}',
	'charla.thread.ana.garden.root': 'Text',
	'charla.files.ana.harbour': '[]',
	'charla.shell.ana': '{}',
	'charla.searches.ana': '[]',
};
const habits = { 'charla.emoji': '{}', 'charla.emoji.recent': '[]', 'charla.emoji.tone': '2' };

it('leaves nothing of who signs out, and all that is of the device or of somebody else', () => {
	const storage = fakeStorage({ ...device, ...bens, ...anas, ...habits, 'charla.access': '1' });
	forgetAccount(storage, 'ana');
	expect(Object.keys(storage).sort()).toEqual(Object.keys({ ...device, ...bens }).sort());
});

it('forgets a room', () => {
	const storage = fakeStorage({ ...anas, ...bens });
	expect(new Set(roomsBegun(storage, 'ana'))).toEqual(new Set(['garden', 'harbour']));
	forgetNamed(storage, 'ana', 'garden');
	expect(roomsBegun(storage, 'ana')).toEqual(['harbour']);
	expect(roomsBegun(storage, 'ben')).toEqual(['garden']);
	expect(storage.getItem('charla.outbox.ana.1')).not.toBeNull();
});
