import { PICTURE } from '../support/picture.ts';
import { expect, test } from './camera.ts';

test('settings', { tag: '@main' }, async ({ open, person, watch, shoot, t }) => {
	watch.allow(/status of 400 /);
	const lucia = await person('Lucía Ferrer');
	const iris = await person('Iris Novak');
	await lucia.again();
	await lucia.again();
	await lucia.call('POST', '/api/v1/blocks/', { user_id: iris.id });
	const window = await open(lucia, '/settings');
	const { page, dialog } = window;
	await expect(page.getByRole('navigation', { name: t('settings.sections') })).toBeVisible();
	await shoot(window, 'settings');
	await page.goto('/settings/profile');
	await expect(page.getByLabel(t('profile.phone'))).toBeVisible();
	await shoot(window, 'settings-profile');
	await page.getByLabel(t('profile.phone')).fill('12');
	await window.button('settings.save').click();
	await expect(page.getByRole('alert')).toBeVisible();
	await shoot(window, 'settings-profile-refused');
	await page
		.getByLabel(t('profile.picture.choose'))
		.setInputFiles({ name: 'two.png', mimeType: 'image/png', buffer: PICTURE });
	await expect(dialog.getByRole('application')).toBeVisible();
	await shoot(window, 'settings-crop');
	await page.goto('/settings/account');
	await expect(window.button('account.delete.open')).toBeVisible();
	await shoot(window, 'settings-account');
	await window.button('account.delete.open').scrollIntoViewIfNeeded();
	await shoot(window, 'settings-account-end');
	await window.button('account.delete.open').click();
	await expect(dialog).toBeVisible();
	await shoot(window, 'settings-account-delete');
	await page.goto('/settings/privacy');
	await expect(page.getByRole('main').getByText('Iris Novak')).toBeVisible();
	await shoot(window, 'settings-privacy');
	await page.goto('/settings/devices');
	await expect(window.button('devices.end_all')).toBeVisible();
	await shoot(window, 'settings-devices');
	await window.button('devices.end_all').click();
	await expect(dialog).toBeVisible();
	await shoot(window, 'settings-devices-end');
	await page.goto('/settings/appearance');
	await expect(page.getByRole('radio', { name: t('appearance.density.compact') })).toBeVisible();
	await shoot(window, 'settings-appearance');
});
