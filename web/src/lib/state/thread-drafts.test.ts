import { expect, it, vi } from 'vitest';
import { fakeStorage, smallStorage } from '$lib/testing/fake-storage';
import { forgetAccount } from './forget-account';
import { storing } from './keep.svelte';
import { ThreadDrafts } from './thread-drafts.svelte';

it('keeps what was begun in a thread, for its author alone', () => {
	const storage = fakeStorage();
	new ThreadDrafts(storage, 'ana', 'garden').set('root', 'As I said');
	expect(new ThreadDrafts(storage, 'ana', 'garden').of('root')).toBe('As I said');
	expect(new ThreadDrafts(storage, 'ana', 'garden').of('another')).toBe('');
	expect(new ThreadDrafts(storage, 'luis', 'garden').of('root')).toBe('');
});

it('keeps nothing of what is blank, or of who has signed out', () => {
	const storage = fakeStorage();
	const drafts = new ThreadDrafts(storage, 'ana', 'garden');
	drafts.set('root', 'As I said');
	drafts.set('root', ' ');
	expect(Object.keys(storage)).toEqual([]);
	drafts.set('root', 'As I said');
	forgetAccount(storage, 'ana');
	expect(new ThreadDrafts(storage, 'ana', 'garden').of('root')).toBe('');
});

it('lasts as long as the page where the storage is full, and says so', () => {
	vi.spyOn(console, 'warn').mockImplementation(() => undefined);
	const storage = smallStorage(10);
	const drafts = () => new ThreadDrafts(storage, 'ana', 'harbour');
	drafts().set('root', 'As I');
	expect(storing.failed).toBe(false);
	drafts().set('root', 'As I said before');
	expect(storing.failed).toBe(true);
	expect(drafts().of('root')).toBe('As I said before');
	expect(drafts().all()).toEqual(['As I said before']);
	expect(new ThreadDrafts(storage, 'luis', 'harbour').of('root')).toBe('');
	drafts().set('root', '');
	expect(drafts().of('root')).toBe('');
	expect(drafts().all()).toEqual([]);
});
