import { expect, it } from 'vitest';
import { fakeStorage } from '$lib/testing/fake-storage';
import { forgetSearches, RecentSearches } from './recent-searches.svelte';

it('keeps the last searches, each once, without what was typed on the way', () => {
	const storage = fakeStorage();
	const recent = new RecentSearches(storage, 'ana');
	for (const query of ['boats', 'ro', 'roses', ' ', 'boats']) recent.add(query);
	expect(recent.list).toEqual(['boats', 'roses']);
	expect(new RecentSearches(storage, 'ana').list).toEqual(['boats', 'roses']);
	expect(new RecentSearches(storage, 'luis').list).toEqual([]);
});

it('forgets', () => {
	const storage = fakeStorage();
	new RecentSearches(storage, 'ana').add('roses');
	forgetSearches(storage, 'ana');
	expect(new RecentSearches(storage, 'ana').list).toEqual([]);
});
