import { expect } from '@playwright/test';
import type { Server } from './server.ts';
import type { Window } from './window.ts';

/** Longer than the longest pause between two attempts to connect. */
export const RECONNECTED = { timeout: 30_000 };

/** Ends the server, and waits until these windows have noticed. */
export async function lose(
	server: Server,
	windows: readonly Window[],
	signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM',
): Promise<void> {
	await server.stop(signal);
	for (const window of windows) await expect(window.offlineNote).toBeVisible();
}

/** Takes the network from a browser, and waits until these windows of it have noticed. */
export async function unplug(window: Window, ...more: Window[]): Promise<void> {
	await window.page.context().setOffline(true);
	for (const one of [window, ...more]) await expect(one.offlineNote).toBeVisible();
}
