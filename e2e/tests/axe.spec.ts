import { check } from '../support/axe.ts';
import { expect, test } from '../support/test.ts';

test('axe finds nothing on the pages for who is signed out', async ({ open, t }) => {
	const window = await open();
	await expect(window.button('auth.sign_in')).toBeVisible();
	await check(window, 'sign-in');
	await window.page.goto('/sign-up');
	await expect(window.button('auth.sign_up')).toBeVisible();
	await check(window, 'sign-up');
	await window.page.goto('/setup#token=none');
	await expect(window.page.getByRole('heading', { name: t('auth.setup.title') })).toBeVisible();
	await check(window, 'set-up');
	await window.page.goto('/no/such/page');
	await expect(window.page.getByText(t('error.page.title'))).toBeVisible();
	await check(window, 'page not found');
});

test('axe finds nothing in a room, and in its dialogs', async ({ open, person, t }) => {
	// Five looks at all that shows.
	test.slow();
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Garden', [ben], { topic: 'Roses and more' });
	const first = await ben.send(
		room,
		'A [link](https://example.org), `code`\n\n> quoted\n\n```\npre\n```',
	);
	await ana.send(room, 'An answer', { reply_to_id: first.id });
	const gone = await ana.send(room, 'Not for long');
	await ana.call('DELETE', `/api/v1/chat/messages/${gone.id}/`);
	await ben.send(room, '| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- two');

	const window = await open(ana);
	await expect(window.unreadOf('Garden')).toBeVisible();
	await check(window, 'rooms');
	await window.openRoom('Garden');
	await expect(window.message('An answer')).toBeVisible();
	await check(window, 'timeline');
	await window.act(window.message('An answer'), 'edit');
	await check(window, 'editing');
	await window.button('action.cancel').click();
	await window.button('room.details').click();
	await expect(window.panel.getByLabel(t('rooms.notify'))).toBeVisible();
	await check(window, 'details');
	await window.button('room.leave', window.panel).click();
	await expect(window.dialog.getByText(t('room.leave.text'))).toBeVisible();
	await check(window, 'leaving');
});

test('axe finds nothing where rooms are found and made', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ben.group('Film club', [], { visibility: 'public', topic: 'One a week' });
	const window = await open(ana);
	await expect(window.page.getByText(t('rooms.empty'))).toBeVisible();
	await check(window, 'no rooms');
	await window.account.click();
	await expect(window.page.getByRole('menuitem', { name: t('auth.sign_out') })).toBeVisible();
	await check(window, 'account');
	await window.page.keyboard.press('Escape');
	await window.button('rooms.new_chat').click();
	await window.dialog.getByRole('searchbox').fill('ben');
	await expect(window.dialog.getByText('@benokoye')).toBeVisible();
	await check(window, 'new chat');
	await window.button('action.close', window.dialog).click();
	await window.button('rooms.new_group').click();
	await expect(window.dialog).toBeVisible();
	await check(window, 'new group');
	await window.button('action.cancel', window.dialog).click();
	await window.page.getByRole('link', { name: t('rooms.browse') }).click();
	await expect(window.page.getByText('One a week')).toBeVisible();
	await check(window, 'browse');
	await window.page.goto(`/rooms/${room.id}`);
	await expect(window.button('browse.join')).toBeVisible();
	await check(window, 'room not joined');
});
