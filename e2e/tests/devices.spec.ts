import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

test(
	'devices are listed, and ended one by one or all',
	{ tag: '@main' },
	async ({ open, person, watch, t }) => {
		watch.allow(refused(401), /WebSocket connection to/);
		const ana = await person('Ana Ruiz');
		const other = await open(await ana.again());
		await ana.again();
		await ana.again();
		await expect(other.account).toBeVisible();
		const window = await open(ana, '/settings/devices');
		const { page } = window;
		const here = page.getByRole('region', { name: t('devices.this') });
		const others = page.getByRole('region', { name: t('devices.others') });
		await expect(here.getByRole('listitem')).toHaveCount(1);
		await expect(here).toContainText(t('devices.now'));
		await expect(others.getByRole('listitem')).toHaveCount(3);

		await others.getByRole('listitem').first().getByRole('button').click();
		await expect(others.getByRole('listitem')).toHaveCount(2);
		await window.button('devices.end_all').click();
		await window.button('devices.end_all', window.dialog).click();
		await expect(page.getByText(t('devices.none'))).toBeVisible();
		await expect(page.locator('main [tabindex="-1"]:focus')).toHaveCount(1);
		await expect(other.page).toHaveURL(/\/sign-in/);
		await page.reload();
		await expect(here.getByRole('listitem')).toHaveCount(1);
		await expect(page.getByText(t('devices.none'))).toBeVisible();
	},
);
