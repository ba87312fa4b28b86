import { administrator } from '../support/staff.ts';
import { expect, test } from './camera.ts';

test('administration', { tag: '@main' }, async ({ server, open, person, shoot, t }) => {
	const chief = await administrator(server);
	const lucia = await person('Lucía Ferrer');
	const tomas = await person('Tomás Abad');
	const room = await lucia.group('Jardín', [tomas]);
	const said = await tomas.send(room, `Buy my boats: ${'cheap boats, '.repeat(60)}`);
	const report = (body: object) => lucia.call('POST', '/api/v1/reports/', body);
	const note = 'He writes this in every room.\nPlease do something.';
	await report({ message_id: said.id, reason: 'spam', note });
	await report({ user_id: tomas.id, reason: 'harassment' });
	const impose = (body: object) =>
		chief.call('POST', `/api/v1/admin/users/${tomas.id}/sanctions/`, body);
	await impose({ kind: 'warning', reason: 'No advertising in the garden, please.' });
	const ends_at = new Date(Date.now() + 86_400_000).toISOString();
	await impose({ kind: 'mute', reason: 'Again', ends_at });
	for (const max_uses of [null, 5])
		await chief.call('POST', '/api/v1/admin/invites/', { max_uses });

	const window = await open(chief, '/admin');
	const { page, dialog } = window;
	await expect(page.getByRole('navigation', { name: t('admin.title') })).toBeVisible();
	await shoot(window, 'admin');
	await page.goto('/admin/reports');
	const resolve = window.button('admin.report.resolve').first();
	await expect(resolve).toBeVisible();
	await shoot(window, 'admin-reports');
	await resolve.click();
	await dialog.getByLabel(t('admin.outcome.muted.do')).check();
	await shoot(window, 'admin-report-resolve');
	await page.goto('/admin/reports?state=resolved');
	await expect(page.getByText(t('admin.reports.resolved.none'))).toBeVisible();
	await shoot(window, 'admin-reports-none');
	await page.goto('/admin/people');
	await page.getByRole('searchbox', { name: t('people.find') }).fill('tom');
	await expect(page.getByRole('list', { name: t('people.results') })).toBeVisible();
	await shoot(window, 'admin-people');
	await page.goto(`/admin/people/${tomas.id}`);
	await expect(page.locator('[data-sanction-id]').first()).toBeVisible();
	await shoot(window, 'admin-person');
	await window.button('sanction.ban.open').click();
	await shoot(window, 'admin-ban');
	await page.goto('/admin/invites');
	await expect(page.locator('.url').first()).toBeVisible();
	await shoot(window, 'admin-invites');
	await page.goto('/admin/audit');
	await expect(page.getByRole('table')).toBeVisible();
	await window.button('admin.audit.check').click();
	await expect(page.getByText(t.plural('admin.audit.whole', 5))).toBeVisible();
	await shoot(window, 'admin-audit');

	const his = await open(tomas, `/people/${lucia.id}`);
	await expect(his.page.getByText(/No advertising/)).toBeVisible();
	await shoot(his, 'warned');
	await his.choose(his.button('person.more'), 'report.open');
	await expect(his.dialog).toBeVisible();
	await shoot(his, 'report');
});
