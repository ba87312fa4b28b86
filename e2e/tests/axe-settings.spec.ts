import { check } from '../support/axe.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';
import { PICTURE } from '../support/picture.ts';

test('axe finds nothing in the settings of the account', async ({ open, person, watch, t }) => {
	test.slow();
	watch.allow(refused(400));
	const window = await open(await person('Ana Ruiz'), '/settings');
	const { page, dialog } = window;
	const sections = page.getByRole('navigation', { name: t('settings.sections') });
	await expect(sections).toBeVisible();
	await check(window, 'settings');

	await page.goto('/settings/profile');
	await page.getByLabel(t('profile.phone')).fill('12');
	await window.button('settings.save').click();
	await expect(page.getByRole('alert')).toBeVisible();
	await check(window, 'profile with a fault');
	await page
		.getByLabel(t('profile.picture.choose'))
		.setInputFiles({ name: 'two.png', mimeType: 'image/png', buffer: PICTURE });
	await expect(dialog.getByRole('application')).toBeVisible();
	await check(window, 'crop');

	await page.goto('/settings/account');
	await page.getByLabel(t('account.password.new')).fill('short');
	await check(window, 'account');
	await window.button('account.delete.open').click();
	await expect(dialog).toBeVisible();
	await check(window, 'deleting the account');
});

test('axe finds nothing in the settings of privacy, devices and appearance', async ({
	open,
	person,
	t,
}) => {
	test.slow();
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	await ana.again();
	await ana.call('POST', '/api/v1/blocks/', { user_id: ben.id });
	const window = await open(ana, '/settings/privacy');
	const { page, dialog } = window;
	await expect(page.getByRole('main').getByText('Ben Okoye')).toBeVisible();
	await check(window, 'privacy');

	await page.goto('/settings/devices');
	await expect(window.button('devices.end_all')).toBeVisible();
	await check(window, 'devices');
	await window.button('devices.end_all').click();
	await expect(dialog).toBeVisible();
	await check(window, 'ending all others');

	await page.goto('/settings/appearance');
	await page.getByRole('radio', { name: t('appearance.density.compact') }).check();
	await page.evaluate(() => dispatchEvent(new Event('beforeinstallprompt')));
	await expect(window.button('install.title')).toBeVisible();
	await check(window, 'appearance, and the offer to install');
});
