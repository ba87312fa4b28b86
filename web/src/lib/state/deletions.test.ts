import { beforeEach, expect, it } from 'vitest';
import { ApiError } from '$lib/api/errors';
import { settled } from '$lib/testing/fake-clock';
import { Deletions } from './deletions.svelte';

let log: string[];
let past: () => void;
let undo: () => void;
let failure: unknown;
let deletions: Deletions;

beforeEach(() => {
	log = [];
	failure = null;
	deletions = new Deletions({
		remove: (id) => {
			log.push(`remove ${id}`);
			return failure ? Promise.reject(failure) : Promise.resolve();
		},
		removeNow: (id) => Promise.resolve(log.push(`now ${id}`)),
		offer: (back, gone) => {
			[undo, past] = [back, gone];
			return 7;
		},
		withdraw: (offer) => log.push(`withdraw ${offer}`),
		onFailed: (error) => log.push(`failed ${(error as Error).message}`),
	});
	deletions.ask('m1');
});

it('hides at once and deletes when the time is past', async () => {
	expect(deletions.has('m1')).toBe(true);
	expect(deletions.isOpen('m1')).toBe(true);
	expect(log).toEqual([]);
	past();
	expect(deletions.isOpen('m1')).toBe(false);
	await settled();
	expect(log).toEqual(['remove m1']);
	expect(deletions.has('m1')).toBe(true);
});

it('takes it back', () => {
	undo();
	expect(deletions.has('m1')).toBe(false);
	past();
	void deletions.flush();
	expect(log).toEqual(['withdraw 7']);
});

it('does it now where the page is left, and once', () => {
	void deletions.flush();
	past();
	expect(log).toEqual(['withdraw 7', 'now m1']);
});

it('brings it back with the reason where it fails, and not where it was gone already', async () => {
	failure = new ApiError(404, { detail: 'gone' });
	past();
	await settled();
	expect(deletions.has('m1')).toBe(true);
	failure = new ApiError(403, { detail: 'closed' });
	deletions.ask('m2');
	past();
	await settled();
	expect(deletions.has('m2')).toBe(false);
	expect(log.at(-1)).toBe('failed closed');
});
