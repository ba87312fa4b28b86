import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

const desktop = { viewport: { width: 1280, height: 800 } };
const phone = {
	viewport: { width: 360, height: 740 },
	hasTouch: true,
	isMobile: true,
	deviceScaleFactor: 2,
};

/** Every page and state in both widths and themes, into `screenshots/` at the top of the project; the main ones in Spanish. */
export default defineConfig({
	...base,
	testDir: 'screenshots',
	testMatch: '*.shots.ts',
	// Those in docs/screenshots are taken anew with README=1.
	...(process.env.README ? { grep: /@readme/ } : { grepInvert: /@readme/ }),
	workers: 2,
	timeout: 300_000,
	use: { ...base.use, actionTimeout: 20_000 },
	projects: [
		{ name: 'desktop', use: desktop },
		{ name: 'phone', use: phone },
		{ name: 'desktop in Spanish', use: { ...desktop, locale: 'es-ES' }, grep: /@main/ },
		{ name: 'phone in Spanish', use: { ...phone, locale: 'es-ES' }, grep: /@main/ },
	],
});
