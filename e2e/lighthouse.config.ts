import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

/** Lighthouse's marks for the page of who is signed out and for a room, held to what is asked of them. */
export default defineConfig({
	...base,
	testDir: '.',
	testMatch: 'lighthouse.ts',
	reporter: 'line',
	workers: 1,
	timeout: 600_000,
	projects: [{ name: 'lighthouse' }],
});
