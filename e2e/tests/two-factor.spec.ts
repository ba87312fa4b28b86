import { PASSWORD } from '../support/account.ts';
import { check } from '../support/axe.ts';
import { expect, test } from '../support/test.ts';
import { totp } from '../support/totp.ts';
import { refused } from '../support/watch.ts';
import type { Window } from '../support/window.ts';

async function prove({ page, t }: Window, password: string, code: string): Promise<void> {
	await page.getByLabel(t('account.password.old')).last().fill(password);
	await page.getByLabel(t('auth.code'), { exact: true }).fill(code);
}

test(
	'two-step sign-in is set up, asked for, and turned off',
	{ tag: '@main' },
	async ({ open, person, watch, t }) => {
		test.slow();
		watch.allow(refused(400), refused(401));
		const window = await open(await person('Ana Ruiz'), '/settings/account');
		const { page } = window;
		await window.button('two_factor.set_up').click();
		await expect(page.getByRole('img', { name: t('two_factor.qr') })).toBeVisible();
		await check(window, 'setting up');
		const secret = (await page.locator('code').innerText()).replaceAll(/\s/g, '');
		await prove(window, PASSWORD, '000000');
		await window.button('two_factor.enable').click();
		const field = page.getByLabel(t('auth.code'), { exact: true });
		await expect(field).toBeFocused();
		await expect(field).toHaveAttribute('aria-invalid', 'true');
		await prove(window, PASSWORD, totp(secret));
		await window.button('two_factor.enable').click();
		const codes = page.getByRole('group', { name: t('two_factor.codes') });
		await expect(codes).toBeFocused();
		await expect(codes.getByRole('listitem')).toHaveCount(10);
		await check(window, 'recovery codes');
		const recovery = await codes.getByRole('listitem').first().innerText();
		await window.button('two_factor.codes.done').click();
		await expect(window.button('two_factor.disable')).toBeVisible();
		await check(window, 'two-step sign-in that is on');

		const other = await open();
		await other.signIn('anaruiz', PASSWORD);
		await expect(other.heading(t('auth.code.title'))).toBeVisible();
		const code = other.page.getByLabel(t('auth.code'), { exact: true });
		await expect(code).toBeFocused();
		await check(other, 'the code');
		await other.button('auth.code.back').click();
		await other.signIn('anaruiz', PASSWORD);
		await code.fill('123');
		await other.button('auth.sign_in').click();
		await expect(code).toHaveAttribute('aria-invalid', 'true');
		await code.fill(recovery);
		await other.button('auth.sign_in').click();
		await expect(other.account).toBeVisible();

		// That of this step is spent.
		const next = totp(secret, 1);
		await window.button('two_factor.disable').click();
		await prove(window, PASSWORD, next);
		await window.button('two_factor.disable.do').click();
		await expect(page.getByText(t('two_factor.off'), { exact: true })).toBeVisible();
		const last = await open();
		await last.signIn('anaruiz', PASSWORD);
		await expect(last.account).toBeVisible();
	},
);

test.describe('where staff need it', () => {
	test.use({ settings: { REQUIRE_STAFF_TWO_FACTOR: 'true' } });

	test('an administrator sets it up first', async ({ open, server, watch, t }) => {
		watch.allow(refused(403), /WebSocket connection to/);
		const window = await open(null, server.setupLink);
		await window.signUp('root', 'root@example.org', PASSWORD);
		await expect(window.heading(t('two_factor.first'))).toBeVisible();
		await expect(window.page.getByRole('img', { name: t('two_factor.qr') })).toBeVisible();
		await check(window, 'set up first');
		const secret = (await window.page.locator('code').innerText()).replaceAll(/\s/g, '');
		await prove(window, PASSWORD, totp(secret));
		await window.button('two_factor.enable').click();
		await window.button('two_factor.codes.done').click();
		await expect(window.account).toBeVisible();
	});
});
