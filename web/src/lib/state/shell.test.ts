import { expect, it } from 'vitest';
import { fakeStorage } from '$lib/testing/fake-storage';
import { ShellState, SIDEBAR_WIDTH } from './shell.svelte';

it('remembers how somebody has arranged the window', () => {
	const storage = fakeStorage();
	const shell = new ShellState(storage, 'ana');
	shell.toggle('groups');
	shell.toggle('public');
	shell.toggle('groups');
	shell.resize(400);
	shell.keepWidth();
	shell.visited('a');
	shell.visited('b');
	shell.visited('a');
	const again = new ShellState(storage, 'ana');
	expect(again.collapsed).toEqual(['public']);
	expect(again.width).toBe(400);
	expect(again.recent).toEqual(['a', 'b']);
	expect(new ShellState(storage, 'luis').width).toBe(SIDEBAR_WIDTH.normal);
});

it('keeps the sidebar within bounds', () => {
	const shell = new ShellState(fakeStorage(), 'ana');
	shell.resize(10);
	expect(shell.width).toBe(SIDEBAR_WIDTH.least);
	shell.resize(9_999);
	expect(shell.width).toBe(SIDEBAR_WIDTH.most);
});

it('lives with whatever is stored', () => {
	const storage = fakeStorage({ 'charla.shell.ana': '{"collapsed":["none"' });
	expect(new ShellState(storage, 'ana').collapsed).toEqual([]);
});
