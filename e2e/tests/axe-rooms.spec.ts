import { check } from '../support/axe.ts';
import { expect, test } from '../support/test.ts';

test('axe finds nothing in the room list, its filter and its menus', async ({
	open,
	person,
	t,
}) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const direct = await ana.directChat(ben);
	const garden = await ana.group('Garden', [ben]);
	const club = await ana.group('Film club', [ben], { visibility: 'public' });
	const path = (id: string) => `/api/v1/chat/rooms/${id}/preferences/`;
	await ben.call('PATCH', path(club.id), { muted_until: '9999-12-31T00:00:00Z', pinned: true });
	await ana.send(direct, 'Hello');
	await ana.send(garden, 'You, @benokoye?');
	await ana.send(club, 'Metropolis');
	const his = await open(ben);
	const { page } = his;
	await expect(his.unreadOf('Film club')).toBeVisible();
	await check(his, 'room list');
	await his.rooms.getByRole('button', { name: t('rooms.section.groups') }).click();
	await check(his, 'closed section');
	const menu = await his.roomMenu('Film club');
	await check(his, 'room menu');
	await menu.getByRole('menuitem', { name: t('rooms.notify') }).click();
	await check(his, 'notify menu');
	await page.keyboard.press('Escape');
	await page.getByRole('searchbox', { name: t('rooms.filter') }).fill('a');
	await expect(page.locator(`button[data-user-id="${ana.id}"]`)).toBeVisible();
	await check(his, 'filter');
	await page.getByRole('searchbox', { name: t('rooms.filter') }).fill('');
	if (his.touch) return;
	await page.keyboard.press('Control+k');
	await his.dialog.getByRole('combobox').fill('a');
	await expect(his.dialog.getByRole('option').first()).toBeVisible();
	await check(his, 'switcher');
	await page.keyboard.press('Escape');
	await his.roomLine('Film club').focus();
	await page.keyboard.press('?');
	await expect(his.dialog).toBeVisible();
	await check(his, 'shortcuts');
});

test('axe finds nothing in a room’s panels and dialogs', async ({ open, person, t }) => {
	test.slow();
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const direct = await ana.directChat(ben);
	const garden = await ana.group('Garden', [ben], { topic: 'Roses and more' });
	await ana.send(garden, 'Roses');
	await ana.call('POST', `/api/v1/chat/rooms/${garden.id}/invites/`, {});
	const hers = await open(ana, `/rooms/${garden.id}?panel=details`);
	const { page, panel, dialog } = hers;
	await expect(panel.getByText('Roses and more')).toBeVisible();
	await check(hers, 'details');
	await hers.button('room.edit', panel).click();
	await dialog.getByRole('radio', { name: t('group.public') }).check();
	await check(hers, 'editing the room');
	await hers.button('action.cancel', dialog).click();
	await hers.button('room.close', panel).click();
	await check(hers, 'closing the room');
	await hers.button('action.cancel', dialog).click();
	await panel.getByRole('button', { name: t('room.members') }).click();
	await expect(hers.members).toHaveCount(2);
	await check(hers, 'members');
	await panel.getByRole('button', { name: t('members.menu', { name: 'Ben Okoye' }) }).click();
	await check(hers, 'member menu');
	await page.keyboard.press('Escape');
	await hers.button('people.add', panel).click();
	await check(hers, 'adding people');
	await hers.button('action.cancel', dialog).click();
	await hers.button('invites.open', panel).click();
	await expect(dialog.getByRole('listitem')).toHaveCount(1);
	await check(hers, 'invites');
	await page.goto(`/rooms/${direct.id}?panel=details`);
	await expect(panel.getByText('@benokoye')).toBeVisible();
	await check(hers, 'details of a direct chat');
});

test('axe finds nothing in the search', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const garden = await ana.group('Garden');
	await ana.send(garden, 'Roses, and [a link](https://example.org)');
	const window = await open(ana, `/rooms/${garden.id}?panel=search`);
	const { page } = window;
	await page.getByText(t('search.help')).click();
	await check(window, 'search help');
	await page.getByRole('searchbox', { name: t('search.label') }).fill('roses from:me');
	await expect(page.locator('[data-message-id]')).toHaveCount(1);
	await page.getByText(t('search.filters'), { exact: true }).click();
	await check(window, 'search results');
	await page.goto('/search?q=roses');
	await page.getByText(t('search.filters'), { exact: true }).click();
	await check(window, 'search as a page, its filters open');
	await page.goto('/search?q=nothing');
	await expect(page.getByText(t('search.none'), { exact: true })).toBeVisible();
	await check(window, 'nothing found');
	await page.goto('/browse');
	await expect(page.getByText(t('browse.empty'), { exact: true })).toBeVisible();
	await check(window, 'no public rooms');
});
