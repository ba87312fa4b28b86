import { PASSWORD } from '../support/account.ts';
import { expect, test } from '../support/test.ts';
import { SERVER_AWAY } from '../support/watch.ts';

test(
	'the link that the server prints makes the first administrator, once',
	{ tag: '@main' },
	async ({ server, open, watch, t }) => {
		const first = await open(null, server.setupLink);
		await expect(first.page.getByRole('heading', { name: t('auth.setup.title') })).toBeVisible();
		await first.signUp('chief', 'chief@example.org', PASSWORD);
		await expect(first.page).toHaveURL(/\/$/);
		await expect(first.page.getByText(t('rooms.empty.first'))).toBeVisible();
		const empty = first.page.locator('.none');
		await first.button('rooms.new_group', empty).click();
		await expect(first.dialog.getByLabel(t('group.name'))).toBeVisible();
		await first.button('action.cancel', first.dialog).click();
		const me = await first.page.request.get('/api/v1/users/me/');
		expect(await me.json()).toMatchObject({ username: 'chief', is_superuser: true });

		watch.allow(/the server responded with a status of 4\d\d /);
		const second = await open(null, server.setupLink);
		await second.signUp('intruder', 'intruder@example.org', PASSWORD);
		await expect(second.page.getByRole('alert')).toBeVisible();
		await expect(second.page).toHaveURL(/\/setup/);
		await second.page.getByRole('link', { name: t('auth.sign_in') }).click();
		await expect(second.page).toHaveURL(/\/sign-in$/);
	},
);

test('without its token, the page says where the link is', async ({ open, t }) => {
	const window = await open(null, '/setup');
	await expect(window.page.getByText(t('auth.setup.no_token'))).toBeVisible();
});

test('the link is not printed once there is an administrator', async ({ server, open, watch }) => {
	watch.allow(SERVER_AWAY);
	const window = await open(null, server.setupLink);
	await window.signUp('chief', 'chief@example.org', PASSWORD);
	await expect(window.page).toHaveURL(/\/$/);
	await server.stop('SIGTERM');
	server.output = '';
	await server.start();
	expect(() => server.setupLink).toThrow('no link');
});
