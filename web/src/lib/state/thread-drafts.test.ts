import { expect, it } from 'vitest';
import { fakeStorage } from '$lib/testing/fake-storage';
import { forgetDrafts } from './forget-drafts';
import { ThreadDrafts } from './thread-drafts.svelte';

it('keeps what was begun in a thread, for its author alone', () => {
	const storage = fakeStorage();
	new ThreadDrafts(storage, 'ana').set('root', 'As I said');
	expect(new ThreadDrafts(storage, 'ana').of('root')).toBe('As I said');
	expect(new ThreadDrafts(storage, 'ana').of('another')).toBe('');
	expect(new ThreadDrafts(storage, 'luis').of('root')).toBe('');
});

it('keeps nothing of what is blank, or of who has signed out', () => {
	const storage = fakeStorage();
	const drafts = new ThreadDrafts(storage, 'ana');
	drafts.set('root', 'As I said');
	drafts.set('root', ' ');
	expect(Object.keys(storage)).toEqual([]);
	drafts.set('root', 'As I said');
	forgetDrafts(storage, 'ana');
	expect(new ThreadDrafts(storage, 'ana').of('root')).toBe('');
});
