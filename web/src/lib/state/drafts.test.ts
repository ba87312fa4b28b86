import type { Quote } from '$lib/api/types';
import { beforeEach, expect, it, vi } from 'vitest';
import { fakeStorage, smallStorage } from '$lib/testing/fake-storage';
import { luis } from '$lib/testing/messages';
import { Drafts, noDraft } from './drafts.svelte';
import { forgetAccount } from './forget-account';
import { storing } from './keep.svelte';

const reply_to: Quote = {
	id: 'm1',
	sender: luis,
	content: 'Where to?',
	message_type: 'text',
	is_deleted: false,
	system: null,
};

beforeEach(() => {
	storing.failed = false;
	vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});

it('survives the page, with what it answers', () => {
	const storage = fakeStorage();
	new Drafts(storage, 'ana').set('harbour', { text: 'To the', reply_to });
	const drafts = new Drafts(storage, 'ana');
	expect(drafts.of('harbour')).toMatchObject({ text: 'To the', reply_to });
	expect(drafts.of('garden')).toEqual(noDraft);
});

it('is for its author alone', () => {
	const storage = fakeStorage();
	new Drafts(storage, 'ana').set('harbour', { text: 'To the', reply_to: null });
	expect(new Drafts(storage, 'luis').of('harbour')).toEqual(noDraft);
	new Drafts(storage, 'luis').set('harbour', { text: 'Mine', reply_to: null });
	forgetAccount(storage, 'ana');
	expect(new Drafts(storage, 'ana').of('harbour')).toEqual(noDraft);
	expect(new Drafts(storage, 'luis').of('harbour').text).toBe('Mine');
});

it('leaves nothing behind when it is sent or emptied', () => {
	const storage = fakeStorage();
	const drafts = new Drafts(storage, 'ana');
	drafts.set('harbour', { text: 'To the', reply_to: null });
	drafts.set('harbour', { text: ' \n', reply_to: null });
	drafts.set('garden', { text: 'Roses', reply_to });
	drafts.remove('garden');
	expect(drafts.of('harbour')).toEqual(noDraft);
	expect(Object.keys(storage)).toEqual([]);
});

it('stays forgotten, whatever the server answers afterwards', () => {
	const storage = fakeStorage();
	const drafts = new Drafts(storage, 'ana');
	drafts.set('harbour', { text: 'To the', reply_to: null });
	storage.setItem('charla.files.ana.harbour', '[]');
	forgetAccount(storage, 'ana');
	drafts.sharing('harbour');
	drafts.saved('harbour', drafts.editedAt('harbour'));
	expect(Object.keys(storage)).toEqual([]);
});

it('hears of another tab, and passes over what it cannot read', () => {
	const drafts = new Drafts(fakeStorage({ 'charla.draft.ana.garden': '{"text":7}' }), 'ana');
	expect(drafts.of('garden')).toEqual(noDraft);
	drafts.stored('charla.draft.ana.garden', '{"text":"Roses"}');
	expect(drafts.of('garden')).toMatchObject({ text: 'Roses', reply_to: null });
	drafts.stored('charla.draft.ana.garden', null);
	expect(drafts.of('garden')).toEqual(noDraft);
});

it('is not taken back to what the storage still has, where that is full', () => {
	const storage = smallStorage(100);
	const drafts = new Drafts(storage, 'ana');
	drafts.set('harbour', { text: 'To', reply_to: null });
	expect(storing.failed).toBe(false);
	const text = 'To the lighthouse, as long as it is light enough to see the way'.repeat(2);
	drafts.set('harbour', { text, reply_to: null });
	expect(storing.failed).toBe(true);
	drafts.reread('harbour');
	drafts.sharing('harbour');
	drafts.saved('harbour', drafts.editedAt('harbour'));
	expect(drafts.of('harbour').text).toBe(text);
	expect(drafts.unsent).toEqual([]);
	// Better an older one than none, until it is sent.
	expect(new Drafts(storage, 'ana').of('harbour').text).toBe('To');
	drafts.remove('harbour');
	drafts.reread('harbour');
	expect(drafts.unsent).toEqual(['harbour']);
	expect(new Drafts(storage, 'ana').of('harbour').text).toBe('');
});

it('hears of other tabs again once there is room', () => {
	const storage = smallStorage(150);
	const drafts = new Drafts(storage, 'ana');
	drafts.set('harbour', { text: 'a'.repeat(200), reply_to: null });
	drafts.set('harbour', { text: 'Short', reply_to: null });
	new Drafts(storage, 'ana').set('harbour', { text: 'Elsewhere', reply_to: null });
	drafts.reread('harbour');
	expect(drafts.of('harbour').text).toBe('Elsewhere');
});
