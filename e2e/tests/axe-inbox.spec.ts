import { check } from '../support/axe.ts';
import { allowNotices } from '../support/notices.ts';
import { expect, test } from '../support/test.ts';

test('axe finds nothing in the inbox', async ({ open, person, t }) => {
	test.slow();
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const garden = await ana.group('Garden', [ben]);
	const window = await open(ben, '/inbox');
	const { page } = window;
	await expect(page.getByText(t('inbox.empty.text'))).toBeVisible();
	await check(window, 'empty inbox');

	const his = await ben.send(garden, 'Who waters today?');
	await ana.send(garden, 'An old one, @benokoye');
	await ben.call('POST', `/api/v1/chat/rooms/${garden.id}/mark_all_read/`);
	await ana.send(garden, 'I do', { reply_to_id: his.id });
	await ana.send(garden, 'Thanks to @benokoye');
	await ana.call('POST', '/api/v1/friends/requests/', { user_id: ben.id });
	await expect(page.locator('[data-inbox].unread')).toHaveCount(3);
	await check(window, 'inbox');
	await page.goto('/');
	await expect(page.locator('.sidebar [data-count="3"]')).toBeVisible();
	await check(window, 'line of the inbox');
});

test('axe finds nothing in the settings of notifications', async ({ open, person, t }) => {
	test.slow();
	const ana = await person('Ana Ruiz');
	const garden = await ana.group('Garden');
	const window = await open(ana);
	const { page } = window;
	await allowNotices(page.context(), { undecided: true });
	await page.goto('/settings/notifications');
	await expect(page.getByText(t('notifications.rooms.none'))).toBeVisible();
	await check(window, 'notifications, not yet allowed');
	await window.button('notifications.turn_on').click();
	await expect(page.getByRole('switch', { name: t('notifications.show') })).toBeChecked();
	await ana.call('PATCH', `/api/v1/chat/rooms/${garden.id}/preferences/`, { notify: 'nothing' });
	await expect(page.getByRole('link', { name: /Garden/ }).last()).toBeVisible();
	await check(window, 'notifications');
	await page.goto('/settings/appearance');
	await expect(page.getByText(t('appearance.density.compact'))).toBeVisible();
	await expect(page.getByLabel(t('composer.send_key'))).toHaveCount(window.touch ? 0 : 1);
	await check(window, 'appearance, with the key that sends');
});
