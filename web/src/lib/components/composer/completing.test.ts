import { expect, it } from 'vitest';
import { Completion } from './completing.svelte';

it('suggests nothing, and leaves the text, where the emoji cannot be loaded', async () => {
	const completion = new Completion({
		people: () => Promise.resolve([]),
		everybody: () => null,
		emoji: () => Promise.reject(new TypeError('offline')),
		tone: () => 0,
	});
	await completion.look(':tad', 4);
	expect(completion.options).toEqual([]);
	expect(await completion.named(':tada:', 6)).toBeNull();
});
