import { PASSWORD } from '../support/account.ts';
import { MAILS } from '../support/server.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

test.describe('where an address has to be verified first', () => {
	test.use({ settings: { ...MAILS, REQUIRE_VERIFIED_EMAIL: 'true' } });

	test(
		'the account waits for the link, which another window may follow',
		{ tag: '@main' },
		async ({ server, open, watch, t }) => {
			watch.allow(refused(400), refused(403), /WebSocket connection to/);
			const window = await open(null, '/sign-up');
			const { page } = window;
			await window.signUp('marta', 'marta@example.org', PASSWORD);
			await expect(window.heading(t('verify.first'))).toBeFocused();
			await expect(page.getByText('marta@example.org')).toBeVisible();
			const first = await server.mailedLink('verify');

			await window.button('verify.look').click();
			await expect(page.getByText(t('verify.not_yet'))).toBeVisible();
			await window.button('verify.again').click();
			await expect(page.getByText(t('verify.sent'))).toBeVisible();
			const link = await server.mailedLink('verify', first);

			const phone = await open(null, link);
			await expect(phone.heading(t('verify.done'))).toBeFocused();
			await window.button('verify.look').click();
			await expect(window.account).toBeVisible();
			await expect(page.getByText(t('rooms.empty'))).toBeVisible();

			await phone.page.goto('/');
			await phone.page.goto(link);
			await expect(phone.heading(t('verify.bad'))).toBeVisible();
		},
	);

	test('a wrong address is put right', async ({ server, open, watch, t }) => {
		watch.allow(refused(403), /WebSocket connection to/);
		const window = await open(null, '/sign-up');
		const { page } = window;
		await window.signUp('marta', 'mrata@example.org', PASSWORD);
		const wrong = await server.mailedLink('verify');
		await window.button('verify.change').click();
		await page.getByLabel(t('field.email')).fill('marta@example.org');
		await window.button('verify.change.save').click();
		await expect(page.getByText('marta@example.org')).toBeVisible();
		await page.goto(await server.mailedLink('verify', wrong));
		await expect(window.heading(t('verify.done'))).toBeVisible();
		await page.getByRole('link', { name: t('auth.go_on') }).click();
		await expect(window.account).toBeVisible();

		// Another address is to be verified anew, wherever it was put in.
		await expect(page.getByText(t('rooms.empty'))).toBeVisible();
		await page.evaluate(() =>
			fetch('/api/v1/users/me/', {
				method: 'PATCH',
				headers: { 'Content-Type': 'application/json' },
				body: JSON.stringify({ email: 'marta@example.com' }),
			}),
		);
		await expect(window.heading(t('verify.first'))).toBeFocused();
		await expect(page.getByText('marta@example.com')).toBeVisible();
	});

	test('whoever does not want to wait signs out', async ({ open, watch, t }) => {
		watch.allow(refused(401), refused(403), /WebSocket connection to/);
		const window = await open(null, '/sign-up');
		await window.signUp('marta', 'marta@example.org', PASSWORD);
		await expect(window.heading(t('verify.first'))).toBeVisible();
		await window.button('auth.sign_out').click();
		await expect(window.button('auth.sign_in')).toBeVisible();
	});
});
