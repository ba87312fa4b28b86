import { expect, it } from 'vitest';
import type { Page } from '$lib/api/types';
import { Paged } from './paged.svelte';

const page = (results: number[], next: string | null = null): Page<number> => ({
	results,
	next,
	previous: null,
});
const refuse = () => Promise.reject(new Error('no'));

it('puts each page behind the one before', async () => {
	const followed: string[] = [];
	const list = new Paged<number>(async (link) => {
		followed.push(link);
		return page([3]);
	});
	await list.ask(async () => page([1, 2], '/more'));
	await list.more();
	await list.more();
	expect(list.rows).toEqual([1, 2, 3]);
	expect(followed).toEqual(['/more']);
});

it('takes the answer to the last question alone', async () => {
	const list = new Paged<number>(refuse);
	let late: (answer: Page<number>) => void = () => undefined;
	const first = list.ask(() => new Promise((go) => (late = go)));
	await list.ask(async () => page([2]));
	late(page([1]));
	await first;
	expect(list.rows).toEqual([2]);
	expect(list.busy).toBe(false);
});

it('keeps what it has where a page is not to be had, and asks for that again', async () => {
	let down = true;
	const list = new Paged<number>(async () => (down ? refuse() : page([2])));
	await list.ask(async () => page([1], '/more'));
	await list.more();
	expect(list.failure).toBeInstanceOf(Error);
	expect(list.rows).toEqual([1]);
	down = false;
	await list.again();
	expect(list.failure).toBeNull();
	expect(list.rows).toEqual([1, 2]);
});
