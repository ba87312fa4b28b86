import { PASSWORD } from '../support/account.ts';
import { administrator } from '../support/staff.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

test(
	'a message is reported, its author muted, and told so',
	{ tag: '@main' },
	async ({ server, open, person, watch, t }) => {
		watch.allow(refused(403));
		const chief = await administrator(server);
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.group('Harbour', [ben]);
		await ben.send(room, 'Buy my boats');

		const hers = await open(ana, `/rooms/${room.id}`);
		const actions = await hers.menu(hers.message('Buy my boats'));
		await hers.button('report.open', actions).click();
		await hers.dialog.getByLabel(t('report.reason.harassment')).check();
		await hers.dialog.getByLabel(t('report.note')).fill('Again and again');
		await hers.button('report.send', hers.dialog).click();
		await expect(hers.page.getByText(t('report.sent'))).toBeVisible();
		await expect(hers.dialog).toHaveCount(0);

		const staff = await open(chief);
		await staff.choose(staff.account, 'admin.open');
		const { page, dialog } = staff;
		if (staff.touch) await page.getByRole('link', { name: t('admin.reports') }).click();
		const report = page.getByRole('article').filter({ hasText: 'Buy my boats' });
		await expect(report).toContainText('Again and again');
		await expect(report).toContainText(t('report.reason.harassment'));
		await staff.button('admin.report.resolve', report).click();
		await dialog.getByLabel(t('admin.outcome.muted.do')).check();
		await dialog.getByLabel(t('sanction.reason'), { exact: true }).fill('No advertising');
		await dialog.getByLabel(t('admin.resolution')).fill('The third time');
		await staff.button('admin.report.resolve.do', dialog).click();
		await expect(page.getByText(t('admin.reports.open.none'))).toBeVisible();
		await staff.button('admin.reports.resolved').click();
		const resolved = page.getByRole('article').filter({ hasText: 'The third time' });
		await expect(resolved).toContainText(t('admin.outcome.muted'));
		await expect(resolved).not.toContainText('Buy my boats');

		// He reads why, and may not write.
		const his = await open(ben, `/rooms/${room.id}`);
		await expect(his.page.getByText(/No advertising/)).toBeVisible();
		await his.composer.fill('But');
		await his.button('message.send').click();
		await expect(his.message('But')).toHaveAttribute('data-status', 'failed');
		await his.page.goto('/settings/account');
		await expect(his.page.getByRole('heading', { name: t('standing.title') })).toBeVisible();
	},
);

test('a person is reported from their profile, warned and banned, and let in again', async ({
	server,
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(refused(401), refused(403), /WebSocket connection/);
	const chief = await administrator(server);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const hers = await open(ana, `/people/${ben.id}`);
	await hers.choose(hers.button('person.more'), 'report.open');
	await hers.button('report.send', hers.dialog).click();
	await expect(hers.page.getByText(t('report.sent'))).toBeVisible();

	const his = await open(ben, '/friends');
	const staff = await open(chief, `/people/${ben.id}`);
	const { page, dialog } = staff;
	await staff.choose(staff.button('person.more'), 'admin.open');
	await expect(staff.heading('Ben Okoye')).toBeVisible();
	await expect(page.getByRole('article')).toContainText(t('report.reason.spam'));
	const lines = page.locator('[data-sanction-id]');

	await staff.button('sanction.warning.open').click();
	await dialog.getByLabel(t('sanction.reason'), { exact: true }).fill('Be kind');
	await page.keyboard.press('Escape');
	await expect(staff.button('sanction.warning.open')).toBeFocused();
	await staff.button('sanction.warning.open').click();
	await dialog.getByLabel(t('sanction.reason'), { exact: true }).fill('Be kind');
	await staff.button('sanction.warning.do', dialog).click();
	await expect(lines).toHaveText([/Be kind/]);
	await his.page.reload();
	await expect(his.page.getByText(/Be kind/)).toBeVisible();
	await his.button('standing.read').click();
	await expect(his.page.getByText(/Be kind/)).toHaveCount(0);

	await staff.button('sanction.ban.open').click();
	await dialog.getByLabel(t('sanction.reason'), { exact: true }).fill('Not kind');
	await dialog.getByLabel(t('sanction.lasts'), { exact: true }).selectOption('never');
	await staff.button('sanction.ban.do', dialog).click();
	await expect(lines).toHaveText([/Not kind/, /Be kind/]);
	await expect(his.page).toHaveURL(/\/sign-in/);
	await his.signIn('benokoye', PASSWORD);
	await expect(his.page.getByRole('alert')).toBeVisible();
	await expect(his.page).toHaveURL(/\/sign-in/);

	await lines.first().getByRole('button').click();
	await staff.button('sanction.lift', dialog).click();
	await expect(page.getByText(t('sanction.ban.lifted', { name: 'Ben Okoye' }))).toBeVisible();
	await his.signIn('benokoye', PASSWORD);
	await expect(his.page).not.toHaveURL(/\/sign-in/);
});

test('to who is no staff there is no administration', async ({ server, open, person, t }) => {
	await administrator(server);
	const ana = await person('Ana Ruiz');
	const window = await open(ana, '/admin/reports');
	await expect(window.heading(t('error.page.title'))).toBeVisible();
	await window.page.getByRole('link', { name: t('error.page.home') }).click();
	await window.account.click();
	await expect(window.page.getByRole('menuitem', { name: t('account.settings') })).toBeVisible();
	await expect(window.page.getByRole('menuitem', { name: t('admin.open') })).toHaveCount(0);
});

test('the audit log is narrowed, checked and taken along', async ({ server, open, person, t }) => {
	const chief = await administrator(server);
	const ben = await person('Ben Okoye');
	const warning = { kind: 'warning', reason: 'Be kind' };
	await chief.call('POST', `/api/v1/admin/users/${ben.id}/sanctions/`, warning);
	for (let made = 0; made < 60; made++) await chief.call('POST', '/api/v1/admin/invites/', {});
	const window = await open(chief, '/admin/audit');
	const { page } = window;
	const rows = page.getByRole('table').getByRole('row');
	await expect(rows).toHaveCount(51);
	await window.button('admin.more').click();
	await expect(rows).toHaveCount(63);
	await expect(window.button('admin.more')).toHaveCount(0);
	await window.button('admin.audit.check').click();
	await expect(page.getByText(t.plural('admin.audit.whole', 62))).toBeVisible();
	await page.getByRole('combobox', { name: t('admin.audit.what') }).selectOption('person_warned');
	await expect(rows).toHaveCount(2);
	await expect(rows.last()).toContainText(t('audit.person_warned'));
	await expect(page).toHaveURL(/action=person_warned/);
	const [file] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('link', { name: t('admin.csv') }).click(),
	]);
	expect(file.suggestedFilename()).toBe('audit.csv');
	await rows.last().getByRole('link', { name: ben.id }).click();
	await expect(window.heading('Ben Okoye')).toBeVisible();
	await page.getByRole('link', { name: t('admin.audit.to_them') }).click();
	await expect(page.getByText(t('admin.audit.only.target', { name: 'Ben Okoye' }))).toBeVisible();
	await expect(rows).toHaveCount(2);
	await window.button('admin.audit.only.clear').click();
	await expect(rows).toHaveCount(51);
});

test('invites onto the server are made, copied and revoked', async ({ server, open, t }) => {
	const chief = await administrator(server);
	const window = await open(chief, '/admin/invites');
	const { page } = window;
	await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
	await expect(page.getByText(t('invites.none'))).toBeVisible();
	await page.getByRole('combobox', { name: t('invites.uses') }).selectOption('5');
	await window.button('invites.create').click();
	const line = page
		.getByRole('main')
		.getByRole('listitem')
		.filter({ has: page.locator('.url') });
	await expect(line).toContainText('5');
	await line.getByRole('button').first().click();
	await expect(page.getByText(t('invites.copied'))).toBeVisible();
	const url = await line.locator('.url').innerText();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(url);
	await line.getByRole('button').last().click();
	await expect(line).toHaveCount(0);
	await expect(page.getByText(t('invites.none'))).toBeVisible();
});
