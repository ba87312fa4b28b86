import { expect, test } from './camera.ts';

test.use({ demo: true });

test('a lively place', { tag: '@main' }, async ({ open, inhabitant, shoot, locale, t }) => {
	const lucia = await inhabitant('lucia');
	await lucia.call('PATCH', '/api/v1/users/me/', { language: locale?.slice(0, 2) });
	const window = await open(lucia);
	const { page } = window;
	await expect(window.roomLine('Plaza')).toBeVisible();
	await shoot(window, 'demo-rooms');
	for (const room of ['Release train', 'Cocina de casa', 'Fotos']) {
		await window.openRoom(room);
		await expect(window.timeline).toHaveAttribute('aria-busy', 'false');
		await expect(window.timeline.getByRole('article').last()).toBeVisible();
		await shoot(window, `demo-${room.toLowerCase().replace(/\W+/g, '-')}`);
		await window.toRooms();
	}
	await window.openRoom('Plaza');
	await window.button('room.details').click();
	await expect(window.panel.getByLabel(t('rooms.notify'))).toBeVisible();
	await shoot(window, 'demo-details');
	await window.panel.getByRole('button', { name: t('room.members') }).click();
	await expect(window.members.first()).toBeVisible();
	await shoot(window, 'demo-members');
	await page.goto('/search?q=the');
	await expect(page.locator('[data-message-id]').first()).toBeVisible();
	await shoot(window, 'demo-search');
	await page.goto('/browse');
	await expect(page.getByText('Book club')).toBeVisible();
	await shoot(window, 'demo-browse');
	await page.goto('/friends');
	await expect(page.getByText('Sam Okafor')).toBeVisible();
	await shoot(window, 'demo-friends');
});
