import { check } from '../support/axe.ts';
import { expect, test } from '../support/test.ts';

/** The words of `app.html`, which no dictionary has reached yet. */
const words = (locale = '') =>
	locale.startsWith('es')
		? { title: 'Charla no se carga', retry: 'Reintentar' }
		: { title: 'Charla is not loading', retry: 'Try again' };

test(
	'where the scripts do not come, the page says so, and tries again when asked to',
	{ tag: '@main' },
	async ({ open, watch, locale }) => {
		watch.allow(/ERR_(FAILED|INTERNET_DISCONNECTED)/, /Failed to fetch dynamically imported/);
		const { title, retry } = words(locale);
		const window = await open(null, 'about:blank');
		const { page } = window;
		for (const cut of ['entry/app.*', 'chunks/*', 'nodes/*'].map(
			(path) => `**/_app/immutable/${path}`,
		)) {
			await page.route(cut, (route) => route.abort());
			await page.goto('/sign-in');
			await expect(page.getByRole('alert')).toContainText(title);
			// Else the page that says so for a missing route still comes.
			await page.waitForLoadState('networkidle');
			await page.unroute(cut);
			await page.getByRole('button', { name: retry }).click();
			await expect(window.button('auth.sign_in')).toBeVisible();
			await expect(page.getByText(title)).toBeHidden();
		}
	},
);

test('where they hang it says so after a while, until they come', async ({ open, locale }) => {
	const { title } = words(locale);
	const window = await open(null, 'about:blank');
	const { page } = window;
	await page.clock.install();
	let release = () => undefined as void;
	const held = new Promise<void>((go) => (release = go));
	await page.route('**/_app/immutable/entry/*', async (route) => {
		await held;
		await route.continue();
	});
	await page.goto('/sign-in', { waitUntil: 'commit' });
	await expect(page.locator('.splash')).toBeVisible();
	await expect(page.getByText(title)).toBeHidden();
	await page.clock.fastForward(16_000);
	await expect(page.getByText(title)).toBeVisible();
	await check(window, 'scripts that do not come');
	release();
	await expect(window.button('auth.sign_in')).toBeVisible();
	await expect(page.getByText(title)).toBeHidden();
});
