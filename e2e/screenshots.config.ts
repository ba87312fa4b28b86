import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

const widths = {
	desktop: { viewport: { width: 1280, height: 800 } },
	phone: {
		viewport: { width: 360, height: 740 },
		hasTouch: true,
		isMobile: true,
		deviceScaleFactor: 2,
	},
};

/** Every page and state in both widths and themes, into `screenshots/` at the top of the project. */
export default defineConfig({
	...base,
	testDir: '.',
	testMatch: 'screenshots.ts',
	fullyParallel: false,
	workers: 2,
	timeout: 240_000,
	projects: Object.entries(widths).flatMap(([width, use]) =>
		(['light', 'dark'] as const).map((colorScheme) => ({
			name: `${width}-${colorScheme}`,
			use: { ...use, colorScheme },
		})),
	),
});
