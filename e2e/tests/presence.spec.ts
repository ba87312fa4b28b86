import { expect, test } from '../support/test.ts';

/** Two people online, of whom one begins a chat with the other. */
test('both see each other in a chat just made', { tag: '@main' }, async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const hers = await open(ana);
	const his = await open(ben);
	await expect(his.page.getByText(t('rooms.empty'))).toBeVisible();
	await hers.button('rooms.new_chat').click();
	await hers.dialog.getByRole('searchbox').fill('ben ok');
	const hit = hers.dialog.locator(`button[data-user-id="${ben.id}"]`);
	await expect(hit).toBeVisible();
	// They share no direct room yet: nothing is known.
	await expect(hit.locator('.dot')).toHaveCount(0);
	await hit.click();
	const header = hers.page.locator('header').filter({ has: hers.heading('Ben Okoye') });
	await expect(header).toContainText(t('presence.online'));
	await expect(his.roomLine('Ana Ruiz').locator('.dot.online')).toBeVisible();

	await his.openRoom('Ana Ruiz');
	await his.composer.pressSequentially('Hi');
	await expect(hers.page.getByText(t('typing.one', { name: 'Ben Okoye' }))).toBeVisible();
	await expect(header).toContainText(t('presence.online'));
});

test('nothing is said of those whose presence is not known', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ben.group('Garden', [ana]);
	await open(ben);
	const window = await open(ana, `/rooms/${room.id}`);
	await window.openPanel('room.members');
	const line = window.panel.locator(`li[data-user-id="${ben.id}"]`);
	await expect(line).toBeVisible();
	await expect(line.locator('.dot')).toHaveCount(0);
	await expect(window.page.getByText(t('presence.offline'))).toHaveCount(0);
});

test('a network that goes and comes back is noticed at once', async ({ open, person, watch }) => {
	watch.allow(/ERR_INTERNET_DISCONNECTED/);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	for (let i = 1; i <= 30; i++) await ben.send(room, `Message ${i}`);
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
	await open(ben);
	const hers = await open(ana, `/rooms/${room.id}`);
	const header = hers.page.locator('header').filter({ has: hers.heading('Ben Okoye') });
	const below = () =>
		hers.timeline.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
	await expect(header.locator('.dot.online')).toBeVisible();
	await expect(hers.message('Message 30')).toBeInViewport();
	await hers.page.context().setOffline(true);
	await expect(hers.offlineNote).toBeVisible({ timeout: 1_000 });
	await expect(header.locator('.dot')).toHaveCount(0);
	// The note takes its room from the timeline, whose end stays in sight.
	await expect.poll(below).toBeLessThan(2);
	await hers.page.context().setOffline(false);
	await expect(hers.offlineNote).toHaveCount(0, { timeout: 3_000 });
	await expect(header.locator('.dot.online')).toBeVisible();
	await expect.poll(below).toBeLessThan(2);

	await hers.composer.fill('One\ntwo\nthree\nfour\nfive\nsix');
	await expect.poll(below).toBeLessThan(2);
	await hers.composer.fill('');
	await hers.act(hers.message('Message 30'), 'reply');
	await hers.composer.fill('One\ntwo\nthree\nfour\nfive\nsix');
	await expect.poll(below).toBeLessThan(2);
});
