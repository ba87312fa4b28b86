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
		// Every other page has to do without, whenever it asks: else the one that says so for a missing route still comes.
		let cut = false;
		page.on('request', (request) => {
			if (request.isNavigationRequest()) cut = !cut;
		});
		for (const path of ['entry/app.*', 'chunks/*', 'nodes/*']) {
			const files = `**/_app/immutable/${path}`;
			await page.route(files, (route) => (cut ? route.abort() : route.continue()));
			await page.goto('/sign-in');
			await expect(page.getByRole('alert')).toContainText(title);
			await page.getByRole('button', { name: retry }).click();
			await expect(window.button('auth.sign_in')).toBeVisible();
			await expect(page.getByText(title)).toBeHidden();
			await page.unroute(files);
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
