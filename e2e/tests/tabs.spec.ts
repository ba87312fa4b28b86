import { PASSWORD } from '../support/account.ts';
import { expect, test } from '../support/test.ts';
import { Window } from '../support/window.ts';

/** Another tab of the same browser. */
async function beside(window: Window, path: string): Promise<Window> {
	const page = await window.page.context().newPage();
	await page.goto(path);
	return new Window(page, window.t, window.touch);
}

test(
	'how it looks, chosen in one tab, shows in the others',
	{ tag: '@main' },
	async ({ open, person, t, locale }) => {
		const ana = await person('Ana Ruiz');
		const first = await open(ana, '/settings/appearance');
		const second = await beside(first, '/settings/appearance');
		const root = second.page.locator('html');
		const radio = (window: Window, name: string) => window.page.getByRole('radio', { name });
		await expect(radio(second, t('appearance.theme.system'))).toBeChecked();

		await radio(first, t('appearance.theme.dark')).check();
		await expect(root).toHaveAttribute('data-theme', 'dark');
		await expect(radio(second, t('appearance.theme.dark'))).toBeChecked();
		const colour = second.page.locator('meta[name="theme-color"][media="all"]');
		await expect(colour).toHaveAttribute('content', '#192124');
		await radio(first, t('appearance.theme.system')).check();
		await expect(root).not.toHaveAttribute('data-theme');
		await expect(colour).toHaveCount(0);

		await radio(first, t('appearance.density.compact')).check();
		await expect(root).toHaveAttribute('data-density', 'compact');
		await expect(radio(second, t('appearance.density.compact'))).toBeChecked();

		const [language, name] = locale?.startsWith('es') ? ['en', 'English'] : ['es', 'Español'];
		await first.page.goto('/settings/account');
		await radio(first, name).check();
		await expect(root).toHaveAttribute('lang', language);
		await expect(second.page.locator('link[rel="manifest"]')).toHaveAttribute(
			'href',
			`/manifest.${language}.webmanifest`,
		);
	},
);

test('who signs in in one tab is signed in in the others', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	await ana.group('Garden');
	const first = await open(null, '/sign-in');
	const second = await beside(first, '/sign-in');
	await expect(second.button('auth.sign_in')).toBeVisible();
	await first.signIn('anaruiz', PASSWORD);
	await expect(first.roomLine('Garden')).toBeVisible();
	await expect(second.roomLine('Garden')).toBeVisible();
});

test('what is read in one tab is read in the others', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await ben.send(room, 'One');
	await ben.send(room, 'Two');
	const first = await open(ana);
	const second = await beside(first, '/');
	await expect(second.unreadOf('Ben Okoye')).toHaveAttribute('data-unread', '2');
	await first.page.bringToFront();
	await first.openRoom('Ben Okoye');
	await expect(second.unreadOf('Ben Okoye')).toHaveCount(0);
	await ben.send(room, 'Three');
	await expect(first.message('Three')).toBeVisible();
	await expect(second.unreadOf('Ben Okoye')).toHaveCount(0);
});
