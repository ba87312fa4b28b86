import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Account } from '../support/account.ts';
import { expect, test as base } from '../support/test.ts';

const FOLDER = join(import.meta.dirname, '../../screenshots');
/** Of everybody on the server of `charla serve --demo`. */
const DEMO_PASSWORD = 'charla-demo';

interface Fixtures {
	/** Takes a picture of a state in both themes. */
	shoot: (window: { page: Page }, state: string) => Promise<void>;
	/** Somebody of the demo, by username. */
	inhabitant: (username: string) => Promise<Account>;
}

export const test = base.extend<Fixtures>({
	shoot: async ({}, use, { project }) => {
		await use(async ({ page }, state) => {
			for (const colorScheme of ['light', 'dark'] as const) {
				await page.emulateMedia({ colorScheme });
				const path = join(FOLDER, project.name, `${state}.${colorScheme}.png`);
				await page.screenshot({ path, animations: 'disabled' });
			}
			await page.emulateMedia({ colorScheme: 'light' });
		});
	},

	inhabitant: async ({ server }, use) =>
		use((username) => Account.signIn(server, username, DEMO_PASSWORD)),
});

export { expect };
