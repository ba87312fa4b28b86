import { defineConfig } from '@playwright/test';
import { headlessShell } from './support/chromium.ts';

const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

export default defineConfig({
	testDir: 'tests',
	fullyParallel: true,
	// Much of the time goes by waiting.
	workers: 3,
	forbidOnly: !!process.env.CI,
	timeout: 60_000,
	expect: { timeout: 15_000 },
	reporter: 'list',
	use: {
		browserName: 'chromium',
		launchOptions: headlessShell,
		locale: 'en-GB',
		timezoneId: 'Europe/Madrid',
		contextOptions: { reducedMotion: 'reduce' },
		// Its own tests allow it: where it answers, no test sees what is asked.
		serviceWorkers: 'block',
		screenshot: 'only-on-failure',
	},
	// Every test in both languages, each on one of the two sizes; the main ones on the desktop in both.
	projects: [
		{ name: 'desktop', use: desktop },
		{ name: 'phone', use: { ...phone, locale: 'es-ES' }, grepInvert: /@desktop/ },
		{ name: 'desktop in Spanish', use: { ...desktop, locale: 'es-ES' }, grep: /@main/ },
	],
});
