import { expect, it } from 'vitest';
import { fakeStorage } from '$lib/testing/fake-storage';
import { forgetAccount, forgetAllButUnsent, forgetNamed, roomsBegun } from './forget-account';

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

it('keeps what was never sent of whose session was ended from elsewhere, and nothing that others wrote', () => {
	const reply_to = { id: 'm1', content: 'Their words' };
	const storage = fakeStorage({
		...device,
		...bens,
		...anas,
		...habits,
		'charla.outbox.ana.1': JSON.stringify({ content: 'Mine', status: 'failed', reply_to }),
		'charla.outbox.ana.2': JSON.stringify({ content: 'Arrived', status: 'committed' }),
		'charla.draft.ana.garden': JSON.stringify({ text: 'Half', unsent: true, reply_to }),
		'charla.draft.ana.harbour': JSON.stringify({ text: 'On the server', unsent: false }),
		'charla.thread.ana.garden.root': '{ not JSON',
	});
	forgetAllButUnsent(storage, 'ana');
	const left = Object.fromEntries(
		Object.keys(storage)
			.filter((key) => key.includes('.ana'))
			.map((key) => [key, storage.getItem(key)]),
	);
	const quote = { id: 'm1', content: '' };
	expect(left).toEqual({
		'charla.outbox.ana.1': JSON.stringify({ content: 'Mine', status: 'failed', reply_to: quote }),
		'charla.draft.ana.garden': JSON.stringify({ text: 'Half', unsent: true, reply_to: quote }),
		'charla.thread.ana.garden.root': '{ not JSON',
		'charla.files.ana.harbour': '[]',
	});
	for (const key of Object.keys({ ...device, ...bens }))
		expect(storage.getItem(key)).not.toBeNull();
	for (const key of Object.keys(habits)) expect(storage.getItem(key)).toBeNull();
});
