import { expect, test } from './camera.ts';
import { settle } from './town.ts';

const MISSING = '01900000-0000-7000-8000-000000000000';

test('the first minutes', { tag: '@main' }, async ({ open, person, shoot, t }) => {
	const window = await open(await person('Iris Novak'));
	const { page } = window;
	await expect(page.getByText(t('rooms.empty'))).toBeVisible();
	await shoot(window, 'rooms-none');
	for (const [path, text] of [
		['/browse', t('browse.empty')],
		['/friends', t('friends.empty')],
		['/search', t('search.start')],
	] as const) {
		await page.goto(path);
		await expect(page.getByText(text, { exact: true })).toBeVisible();
		await shoot(window, `${path.slice(1)}-empty`);
	}
});

test('finding and making rooms', async ({ open, person, watch, shoot, t }) => {
	watch.allow(/status of 4\d\d /);
	const town = await settle(person);
	await open(town.tomas, `/rooms/${town.tomasChat.id}`);
	const window = await open(town.lucia);
	const { page, dialog } = window;
	await expect(window.roomLine('Tomás Abad').locator('.dot.online')).toBeVisible();
	await shoot(window, 'rooms');
	const menu = await window.roomMenu('Sunday trail');
	await shoot(window, 'room-menu');
	await menu.getByRole('menuitem', { name: t('rooms.notify') }).click();
	await shoot(window, 'room-menu-notify');
	await page.keyboard.press('Escape');
	const filter = page.getByRole('searchbox', { name: t('rooms.filter') });
	await filter.fill('no');
	await expect(page.locator(`button[data-user-id="${town.noor.id}"]`)).toBeVisible();
	await shoot(window, 'filter');
	await filter.fill('');
	await window.account.click();
	await expect(page.getByRole('menuitem', { name: t('auth.sign_out') })).toBeVisible();
	await shoot(window, 'account-menu');
	await page.keyboard.press('Escape');

	const people = dialog.getByRole('searchbox', { name: t('people.find') });
	await window.button('rooms.new_chat').click();
	await people.fill('no');
	await expect(dialog.getByText('@noorhaddad')).toBeVisible();
	await shoot(window, 'new-chat');
	await window.button('action.close', dialog).click();
	await window.button('rooms.new_group').click();
	await dialog.getByLabel(t('group.name')).fill('Harvest dinner');
	await people.fill('h');
	await dialog.locator(`button[data-user-id="${town.henrik.id}"]`).click();
	await shoot(window, 'new-group');
	await window.button('action.cancel', dialog).click();

	await page.goto('/browse');
	await expect(page.getByText('Bike kitchen')).toBeVisible();
	await shoot(window, 'browse');
	await page.getByRole('searchbox', { name: t('browse.search') }).fill('chess');
	await expect(page.getByText(t('browse.none'))).toBeVisible();
	await shoot(window, 'browse-none');
	await page.goto('/search?q=the');
	await expect(page.locator('[data-message-id]').first()).toBeVisible();
	await shoot(window, 'search');
	await page.getByText(t('search.filters'), { exact: true }).click();
	await shoot(window, 'search-filters');
	await page.goto('/search?q=zeppelin');
	await expect(page.getByText(t('search.none'), { exact: true })).toBeVisible();
	await shoot(window, 'search-none');

	await page.goto(`/rooms/${MISSING}`);
	await expect(page.getByText(t('room.not_found'))).toBeVisible();
	await shoot(window, 'room-not-found');
	const film = await town.henrik.group('Film night', [], {
		visibility: 'public',
		topic: 'One film a week, popcorn included',
	});
	await page.goto(`/rooms/${film.id}`);
	await expect(window.button('browse.join')).toBeVisible();
	await shoot(window, 'room-not-joined');
	await town.henrik.call('DELETE', `/api/v1/chat/rooms/${town.trail.id}/`);
	await page.goto(`/rooms/${town.trail.id}`);
	await expect(page.getByText(t('room.closed'))).toBeVisible();
	await shoot(window, 'room-closed');
});

test('by keyboard', async ({ open, person, shoot, t }) => {
	const town = await settle(person);
	const window = await open(town.lucia);
	const { page, dialog } = window;
	await expect(window.roomLine('Tomás Abad')).toBeVisible();
	await page.keyboard.press('Control+k');
	await expect(dialog.getByRole('option').first()).toBeVisible();
	await shoot(window, 'switcher');
	await dialog.getByRole('combobox').fill('ga');
	await shoot(window, 'switcher-found');
	await page.keyboard.press('Escape');
	await window.roomLine('Tomás Abad').focus();
	await page.keyboard.press('?');
	await expect(dialog.getByText(t('shortcuts.switcher'))).toBeVisible();
	await shoot(window, 'shortcuts');
});

test('a room and its panels', async ({ open, person, shoot, t }) => {
	const town = await settle(person);
	const window = await open(town.tomas, `/rooms/${town.garden.id}?panel=details`);
	const { page, dialog, panel } = window;
	await expect(panel.getByLabel(t('rooms.notify'))).toBeVisible();
	await shoot(window, 'details');
	await window.button('room.edit', panel).click();
	await expect(dialog.getByLabel(t('group.name'))).toBeVisible();
	await shoot(window, 'room-edit');
	await window.button('action.cancel', dialog).click();
	await window.button('room.close', panel).click();
	await expect(dialog).toContainText(t('room.close.text'));
	await shoot(window, 'room-close');
	await window.button('action.cancel', dialog).click();
	await window.button('room.leave', panel).click();
	await expect(dialog).toContainText(t('room.leave.owner'));
	await shoot(window, 'room-leave');
	await page.keyboard.press('Escape');

	await page.goto(`/rooms/${town.garden.id}?panel=members`);
	await expect(window.members).toHaveCount(4);
	await shoot(window, 'members');
	await panel.getByRole('button', { name: t('members.menu', { name: 'Noor Haddad' }) }).click();
	await shoot(window, 'member-menu');
	await page.getByRole('menuitem', { name: t('members.remove') }).click();
	await expect(dialog).toBeVisible();
	await shoot(window, 'member-remove');
	await page.keyboard.press('Escape');
	await window.button('people.add', panel).click();
	await expect(dialog.getByRole('searchbox')).toBeVisible();
	await shoot(window, 'members-add');
	await window.button('action.cancel', dialog).click();
	await window.button('invites.open', panel).click();
	await window.button('invites.create', dialog).click();
	await expect(dialog.getByRole('listitem')).toHaveCount(1);
	await shoot(window, 'invites');
	await page.keyboard.press('Escape');

	await page.goto(`/rooms/${town.garden.id}?panel=search`);
	await page.getByRole('searchbox', { name: t('search.label') }).fill('the');
	await expect(panel.locator('[data-message-id]').first()).toBeVisible();
	await shoot(window, 'room-search');
	for (const name of ['pins', 'files'] as const) {
		await page.goto(`/rooms/${town.garden.id}?panel=${name}`);
		const none = t(name === 'pins' ? 'pins.none' : 'files.none.image');
		await expect(panel.getByText(none, { exact: true })).toBeVisible();
		await shoot(window, `${name}-none`);
	}
	await page.goto(`/rooms/${town.tomasChat.id}?panel=details`);
	await expect(panel.getByText('@luciaferrer')).toBeVisible();
	await shoot(window, 'details-direct');
});
