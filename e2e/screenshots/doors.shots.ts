import { PASSWORD } from '../support/account.ts';
import { MAILS } from '../support/server.ts';
import { SERVER_AWAY } from '../support/watch.ts';
import { expect, test } from './camera.ts';

test('ways in', { tag: '@main' }, async ({ open, person, watch, server, shoot, t }) => {
	watch.allow(/status of 4\d\d /);
	const lucia = await person('Lucía Ferrer');
	const window = await open(null, '/rooms/x');
	const { page } = window;
	await expect(window.button('auth.sign_in')).toBeVisible();
	await shoot(window, 'sign-in');
	await window.signIn('luciaferrer', 'guess');
	await expect(page.getByRole('alert')).toBeVisible();
	await shoot(window, 'sign-in-refused');
	await page.goto('/sign-up');
	await window.signUp('luciaferrer', 'lucia@example.org', '12345678');
	await expect(page.locator('.errors').first()).toBeVisible();
	await shoot(window, 'sign-up-refused');
	await page.goto(server.setupLink);
	await expect(window.heading(t('auth.setup.title'))).toBeVisible();
	await shoot(window, 'set-up');
	await page.goto('/setup');
	await page.reload();
	await expect(page.getByText(t('auth.setup.no_token'))).toBeVisible();
	await shoot(window, 'set-up-no-token');

	await page.goto('/forgot');
	await shoot(window, 'forgotten');
	await page.getByLabel(t('field.email')).fill('lucia@example.org');
	await window.button('forgot.send').click();
	await expect(window.heading(t('forgot.sent'))).toBeVisible();
	await shoot(window, 'forgotten-sent');
	await page.goto('/reset#token=none');
	await page.getByLabel(t('reset.password')).fill(PASSWORD);
	await shoot(window, 'reset');
	await window.button('reset.save').click();
	await expect(window.heading(t('reset.bad'))).toBeVisible();
	await shoot(window, 'reset-bad');
	await page.goto('/verify#token=none');
	await expect(window.heading(t('verify.bad'))).toBeVisible();
	await shoot(window, 'verify-bad');

	const garden = await lucia.group('Community garden', [], { topic: 'Plots and tools' });
	const path = `/api/v1/chat/rooms/${garden.id}/invites/`;
	const { code } = await lucia.call<{ code: string }>('POST', path, {});
	await page.goto(`/invite/${code}`);
	await expect(page.getByText('Plots and tools')).toBeVisible();
	await shoot(window, 'invite');
	await page.goto('/invite/none');
	await expect(window.heading(t('invite.bad'))).toBeVisible();
	await shoot(window, 'invite-bad');
	await page.goto('/no/such/page');
	await expect(page.getByText(t('error.page.title'))).toBeVisible();
	await shoot(window, 'page-not-found');
	await page.goto('/api/docs/');
	await expect(page.getByRole('heading', { name: 'Charla', exact: true }).first()).toBeVisible();
	await shoot(window, 'api-reference');
});

test.describe('where an address has to be verified first', () => {
	test.use({ settings: { ...MAILS, REQUIRE_VERIFIED_EMAIL: 'true' } });

	test('verifying', async ({ open, server, watch, shoot, t }) => {
		watch.allow(/status of 4\d\d /, /WebSocket connection to/);
		const window = await open(null, '/sign-up');
		await window.signUp('marta', 'marta@example.org', PASSWORD);
		await expect(window.heading(t('verify.first'))).toBeVisible();
		await shoot(window, 'verify-first');
		await window.button('verify.change').click();
		await shoot(window, 'verify-first-changing');
		await window.page.goto(await server.mailedLink('verify'));
		await expect(window.heading(t('verify.done'))).toBeVisible();
		await shoot(window, 'verify-done');
	});
});

test.describe('where invites are needed', () => {
	test.use({ settings: { REGISTRATION: 'invite' } });

	test('no sign-up', async ({ open, shoot, t }) => {
		const window = await open(null, '/sign-up');
		await expect(window.heading(t('auth.invite_required'))).toBeVisible();
		await shoot(window, 'sign-up-by-invite');
		await window.page.getByRole('link', { name: t('auth.sign_in') }).click();
		await expect(window.page.getByText(t('auth.no_account.invite'))).toBeVisible();
		await shoot(window, 'sign-in-by-invite');
	});
});

test.describe('where registration is closed', () => {
	test.use({ settings: { REGISTRATION: 'closed' } });

	test('no new accounts', async ({ open, shoot, t }) => {
		const window = await open(null, '/sign-up');
		await expect(window.heading(t('auth.closed'))).toBeVisible();
		await shoot(window, 'sign-up-closed');
		await window.page.getByRole('link', { name: t('auth.sign_in') }).click();
		await expect(window.button('auth.sign_in')).toBeVisible();
		await shoot(window, 'sign-in-closed');
	});
});

test('no server at the start', async ({ open, person, watch, shoot, t }) => {
	watch.allow(SERVER_AWAY, /ERR_FAILED/);
	const lucia = await person('Lucía Ferrer');
	const window = await open(null, '/sign-in');
	await window.page.route('**/api/**', (route) => route.abort());
	await window.page.evaluate((id) => localStorage.setItem('charla.user', id), lucia.id);
	await window.page.goto('/');
	await expect(window.page.getByText(t('error.network'))).toBeVisible();
	await shoot(window, 'unreachable');
});
