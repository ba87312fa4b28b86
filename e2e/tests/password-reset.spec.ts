import { MAILS } from '../support/server.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

test.use({ settings: MAILS });

const NEW_PASSWORD = 'Green-Ladder-52-Meadow';

test(
	'a forgotten password is replaced by the link in the mail, once',
	{ tag: '@main' },
	async ({ server, open, person, watch, t }) => {
		watch.allow(refused(400), refused(401), /WebSocket connection to/);
		const ana = await person('Ana Ruiz');
		const elsewhere = await open(ana);
		await expect(elsewhere.account).toBeVisible();

		const window = await open();
		const { page } = window;
		await page.getByRole('link', { name: t('forgot.link') }).click();
		await page.getByLabel(t('field.email')).fill('anaruiz@example.org');
		await window.button('forgot.send').click();
		await expect(window.heading(t('forgot.sent'))).toBeFocused();
		await expect(page.getByText('anaruiz@example.org')).toBeVisible();

		const link = await server.mailedLink('reset');
		await page.goto(link);
		const field = page.getByLabel(t('reset.password'));
		await field.fill('password1');
		await window.button('reset.save').click();
		await expect(field).toHaveAttribute('aria-invalid', 'true');
		await expect(field).toBeFocused();
		await field.fill(NEW_PASSWORD);
		await window.button('reset.save').click();
		await expect(window.heading(t('reset.done'))).toBeFocused();
		await page.getByRole('link', { name: t('auth.sign_in'), exact: true }).click();
		await window.signIn('anaruiz', NEW_PASSWORD);
		await expect(window.account).toBeVisible();
		// Every other session has ended.
		await expect(elsewhere.page).toHaveURL(/\/sign-in/);

		const again = await open(null, link);
		await again.page.getByLabel(t('reset.password')).fill(NEW_PASSWORD);
		await again.button('reset.save').click();
		await expect(again.heading(t('reset.bad'))).toBeFocused();
		await again.page.getByRole('link', { name: t('reset.ask') }).click();
		await expect(again.heading(t('forgot.title'))).toBeVisible();
	},
);

test('nobody learns which addresses have accounts', async ({ open, t }) => {
	const window = await open(null, '/forgot');
	await window.page.getByLabel(t('field.email')).fill('nobody@example.org');
	await window.button('forgot.send').click();
	await expect(window.heading(t('forgot.sent'))).toBeFocused();
});

test('a link without its token says so', async ({ open, t }) => {
	const window = await open(null, '/reset');
	await expect(window.heading(t('reset.bad'))).toBeVisible();
});
