import { PASSWORD } from '../support/account.ts';
import { check } from '../support/axe.ts';
import { lose } from '../support/offline.ts';
import { MAILS } from '../support/server.ts';
import { expect, test } from '../support/test.ts';
import { refused, SERVER_AWAY } from '../support/watch.ts';

const NOBODY = '01900000-0000-7000-8000-000000000000';

test('axe finds nothing where something is missing', async ({ open, person, watch, t }) => {
	test.slow();
	watch.allow(refused(400), refused(404));
	const ana = await person('Ana Ruiz');
	const garden = await ana.group('Garden');
	const closed = await ana.group('Closed');
	await ana.call('DELETE', `/api/v1/chat/rooms/${closed.id}/`);
	const window = await open(ana, `/rooms/${garden.id}`);
	const { page, panel } = window;
	await expect(page.getByText(t('timeline.empty'))).toBeVisible();
	await check(window, 'an empty room');
	for (const [path, text] of [
		[`/rooms/${garden.id}?panel=pins`, t('pins.none')],
		[`/rooms/${garden.id}?panel=files`, t('files.none.image')],
		[`/rooms/${garden.id}?panel=thread&of=${NOBODY}`, t('thread.gone')],
		[`/rooms/${closed.id}`, t('room.closed')],
		[`/rooms/${NOBODY}`, t('room.not_found')],
		['/search', t('search.start')],
		['/browse', t('browse.empty')],
	] as const) {
		await page.goto(path);
		await expect(page.getByText(text, { exact: true })).toBeVisible();
		await check(window, path.replace(/[\da-f-]{36}/g, ''));
	}
	await page.goto(`/rooms/${garden.id}?panel=details`);
	await window.button('rooms.clear', panel).click();
	await expect(window.dialog).toBeVisible();
	await check(window, 'clearing the history');
});

test('axe finds nothing at people in a room, and at what fails', async ({
	open,
	person,
	watch,
	server,
	t,
}) => {
	test.slow();
	watch.allow(SERVER_AWAY, /ERR_INTERNET_DISCONNECTED/);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const garden = await ana.group('Garden', [ben]);
	await ben.send(garden, 'Hello @anaruiz');
	const his = await open(ben, `/rooms/${garden.id}`);
	const window = await open(ana, `/rooms/${garden.id}?panel=members`);
	const { page, dialog, panel } = window;
	await expect(window.members).toHaveCount(2);
	await window.choose(
		panel.getByRole('button', { name: t('members.menu', { name: 'Ben Okoye' }) }),
		'members.remove',
	);
	await expect(dialog).toBeVisible();
	await check(window, 'removing a member');
	await page.keyboard.press('Escape');
	await window.button('action.close', panel).click();
	await his.composer.pressSequentially('I am');
	await expect(page.getByText(t('typing.one', { name: 'Ben Okoye' }))).toBeVisible();
	await check(window, 'somebody types');
	if (!window.touch) {
		await window.message('Hello @anaruiz').getByRole('link', { name: 'Ben Okoye' }).click();
		await expect(dialog.getByText('@benokoye')).toBeVisible();
		await check(window, 'a person over the room');
		await page.keyboard.press('Escape');
	} else {
		await window.button('room.menu').click();
		await check(window, 'room menu');
		await page.keyboard.press('Escape');
		await window.button('composer.more').click();
		await check(window, 'composer menu');
		await page.keyboard.press('Escape');
	}
	await lose(server, [window]);
	await window.send('Wait');
	await page.context().setOffline(true);
	await server.start();
	await ana.call('DELETE', `/api/v1/chat/rooms/${garden.id}/`);
	await page.context().setOffline(false);
	await expect(window.message('Wait')).toHaveAttribute('data-status', 'failed');
	await check(window, 'refused');
});

test.describe('signed out', () => {
	test.use({ settings: MAILS });

	test('axe finds nothing after links of mails', async ({ open, person, server, watch, t }) => {
		watch.allow(refused(400), SERVER_AWAY, /ERR_FAILED/);
		const ana = await person('Ana Ruiz');
		const window = await open(null, '/forgot');
		const { page } = window;
		await page.getByLabel(t('field.email')).fill('anaruiz@example.org');
		await window.button('forgot.send').click();
		await page.goto(await server.mailedLink('reset'));
		await page.getByLabel(t('reset.password')).fill(`${PASSWORD}-2`);
		await window.button('reset.save').click();
		await expect(window.heading(t('reset.done'))).toBeVisible();
		await check(window, 'password set');
		await page.goto(await server.mailedLink('verify'));
		await expect(window.heading(t('verify.done'))).toBeVisible();
		await check(window, 'address verified');
		await page.goto('/setup');
		await expect(page.getByText(t('auth.setup.no_token'))).toBeVisible();
		await check(window, 'set-up without its token');
		await page.route('**/api/**', (route) => route.abort());
		await page.evaluate((id) => localStorage.setItem('charla.user', id), ana.id);
		await page.goto('/');
		await expect(page.getByText(t('error.network'))).toBeVisible();
		await check(window, 'no server');
	});
});
