import { beforeEach, expect, it } from 'vitest';
import { ApiError } from '$lib/api/errors';
import { settled } from '$lib/testing/fake-clock';
import { fakeStorage } from '$lib/testing/fake-storage';
import { Deletions } from './deletions.svelte';

let log: string[];
let past: () => void;
let undo: () => void;
let answer: () => Promise<unknown>;
let storage: Storage;
let deletions: Deletions;

const page = () =>
	new Deletions({
		remove: (id) => {
			log.push(`remove ${id}`);
			return answer();
		},
		storage,
		user_id: 'ana',
		offer: (back, gone) => {
			[undo, past] = [back, gone];
			return 7;
		},
		withdraw: (offer) => log.push(`withdraw ${offer}`),
		onFailed: (error) => log.push(`failed ${(error as Error).message}`),
	});

beforeEach(() => {
	log = [];
	answer = () => Promise.resolve();
	storage = fakeStorage();
	deletions = page();
	deletions.ask('m1');
});

it('hides at once and deletes when the time is past', async () => {
	expect(deletions.has('m1')).toBe(true);
	expect(log).toEqual([]);
	past();
	await settled();
	expect(log).toEqual(['withdraw 7', 'remove m1']);
	expect(deletions.has('m1')).toBe(true);
	expect(Object.keys(storage)).toEqual([]);
});

it('holds nothing of what the server has said itself', () => {
	deletions.settle('m1');
	expect(deletions.has('m1')).toBe(false);
	past();
	void deletions.flush();
	expect(log).toEqual(['withdraw 7']);
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
	expect(log).toEqual(['withdraw 7', 'remove m1']);
});

it('brings it back where the server refuses what was asked for on leaving', async () => {
	answer = () => Promise.reject(new ApiError(401, { detail: 'spent' }));
	await deletions.flush();
	expect(deletions.has('m1')).toBe(false);
	expect(log.at(-1)).toBe('failed spent');
	expect(Object.keys(storage)).toEqual([]);
});

it('does on the next page what this one did not hear of, and for its author alone', async () => {
	storage.setItem('charla.deletion.luis.m9', '');
	answer = () => new Promise(() => undefined);
	void deletions.flush();
	answer = () => Promise.resolve();
	const next = page();
	next.resume();
	expect(next.has('m1')).toBe(true);
	await settled();
	expect(log).toEqual(['withdraw 7', 'remove m1', 'remove m1']);
	expect(Object.keys(storage)).toEqual(['charla.deletion.luis.m9']);
});

it('brings it back with the reason where it fails, and not where it was gone already', async () => {
	answer = () => Promise.reject(new ApiError(404, { detail: 'gone' }));
	past();
	await settled();
	expect(deletions.has('m1')).toBe(true);
	answer = () => Promise.reject(new ApiError(403, { detail: 'closed' }));
	deletions.ask('m2');
	past();
	await settled();
	expect(deletions.has('m2')).toBe(false);
	expect(log.at(-1)).toBe('failed closed');
});

it('asks again once the server is back, where it could not be told', async () => {
	answer = () => Promise.reject(new TypeError('Failed to fetch'));
	past();
	await settled();
	expect(deletions.has('m1')).toBe(true);
	answer = () => Promise.resolve();
	deletions.resume();
	await settled();
	expect(log).toEqual(['withdraw 7', 'remove m1', 'remove m1']);
	expect(Object.keys(storage)).toEqual([]);
});
