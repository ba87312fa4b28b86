import { defineConfig } from '@playwright/test';
import tests from './playwright.config.ts';

/** The same measurements as in the tests, at full size and with a trace of each in `test-results`. */
export default defineConfig({
	...tests,
	testMatch: 'performance.spec.ts',
	workers: 1,
	projects: (tests.projects ?? []).filter(({ name }) => name === 'desktop'),
});
