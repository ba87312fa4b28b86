import { check } from '../support/axe.ts';
import { administrator } from '../support/staff.ts';
import { expect, test } from '../support/test.ts';

test('axe finds nothing in the administration, and in reports', async ({
	server,
	open,
	person,
	t,
}) => {
	test.slow();
	const chief = await administrator(server);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	await ana.call('POST', '/api/v1/reports/', { user_id: ben.id, reason: 'spam', note: 'Loud' });
	const mute = { kind: 'mute', reason: 'Too loud' };
	await chief.call('POST', `/api/v1/admin/users/${ben.id}/sanctions/`, mute);
	await chief.call('POST', '/api/v1/admin/invites/', {});
	const room = await ana.group('Harbour', [ben]);
	const window = await open(chief, '/admin');
	const { page, dialog } = window;
	await expect(page.getByRole('navigation', { name: t('admin.title') })).toBeVisible();
	await check(window, 'administration');
	await page.goto('/admin/reports');
	await window.button('admin.report.resolve').click();
	await dialog.getByLabel(t('admin.outcome.banned.do')).check();
	await check(window, 'resolving a report');
	await page.keyboard.press('Escape');
	await expect(window.button('admin.report.resolve')).toBeFocused();
	await check(window, 'reports');
	await page.goto(`/admin/people/${ben.id}`);
	await expect(page.locator('[data-sanction-id]')).toBeVisible();
	await check(window, 'somebody');
	await window.button('admin.person.reset_link').click();
	await window.button('admin.person.reset_link.do', dialog).click();
	await expect(dialog.locator('.url')).toBeVisible();
	await check(window, 'a link for a new password');
	for (const [name, there] of [
		['people', page.getByRole('table')],
		['rooms', page.getByRole('table')],
		[`rooms/${room.id}`, window.button('room.close')],
		['settings', window.button('action.save')],
		['jobs', page.getByRole('table')],
		['audit', page.getByRole('table')],
		['invites', page.locator('.url')],
	] as const) {
		await page.goto(`/admin/${name}`);
		await expect(there.last()).toBeVisible();
		await check(window, name);
	}
	const his = await open(ben, `/people/${ana.id}`);
	await expect(his.page.getByText(/Too loud/)).toBeVisible();
	await check(his, 'who is muted');
	await his.choose(his.button('person.more'), 'report.open');
	await expect(his.dialog).toBeVisible();
	await check(his, 'reporting');
});
