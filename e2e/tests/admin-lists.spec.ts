import { PASSWORD } from '../support/account.ts';
import { administrator } from '../support/staff.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

test(
	'people are found, changed, helped and deleted',
	{ tag: '@main' },
	async ({ server, open, person, watch, t }) => {
		watch.allow(refused(400), refused(401), refused(403), refused(404), /WebSocket connection/);
		const chief = await administrator(server);
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const his = await open(ben, '/friends');
		const staff = await open(chief, '/admin/people');
		const { page, dialog } = staff;
		const rows = page.getByRole('table').getByRole('row');
		const search = page.getByLabel(t('admin.people.search'));
		await expect(rows).toHaveCount(4);
		await search.fill('okoye');
		await expect(rows).toHaveCount(2);
		await expect(page).toHaveURL(/search=okoye/);
		const [file] = await Promise.all([
			page.waitForEvent('download'),
			page.getByRole('link', { name: t('admin.csv') }).click(),
		]);
		expect(file.suggestedFilename()).toBe('people.csv');
		await search.fill('');
		await page.getByLabel(t('admin.people.role')).selectOption('superuser');
		await expect(rows).toHaveCount(2);
		await page.getByLabel(t('admin.people.role')).selectOption('');
		await page.getByLabel(t('admin.sort')).selectOption('username');
		await expect(rows.nth(1)).toContainText('@anaruiz');
		await page.getByRole('link', { name: 'Ben Okoye' }).click();
		await expect(staff.heading('Ben Okoye')).toBeVisible();

		// What is refused says why at its field.
		const username = page.getByLabel(t('field.username'));
		await username.fill('anaruiz');
		await staff.button('action.save').click();
		await expect(username).toBeFocused();
		await expect(username).toHaveAttribute('aria-invalid', 'true');
		await username.fill('benedict');
		await staff.button('action.save').click();
		await expect(page.getByText('@benedict')).toBeVisible();

		await staff.button('admin.person.appoint').click();
		await staff.button('admin.person.appoint.do', dialog).click();
		await expect(page.getByText(t('admin.role.staff'), { exact: true })).toBeVisible();
		await staff.button('admin.person.dismiss').click();
		await staff.button('admin.person.dismiss.do', dialog).click();
		await expect(staff.button('admin.person.appoint')).toBeVisible();

		await staff.button('admin.person.end_sessions').click();
		await staff.button('admin.person.end_sessions.do', dialog).click();
		await expect(dialog).toHaveCount(0);
		await expect(his.page).toHaveURL(/\/sign-in/);

		await staff.button('admin.person.reset_link').click();
		await staff.button('admin.person.reset_link.do', dialog).click();
		const link = await dialog.locator('.url').innerText();
		await staff.button('action.close', dialog).last().click();
		await expect(page.getByText(link)).toHaveCount(0);
		await his.page.goto(link);
		await his.page.getByLabel(t('reset.password')).fill(`${PASSWORD}-2`);
		await his.button('reset.save').click();
		await his.page.getByRole('link', { name: t('auth.sign_in'), exact: true }).click();
		await his.signIn('benedict', `${PASSWORD}-2`);
		await expect(his.page).not.toHaveURL(/\/sign-in/);

		await staff.button('admin.person.deactivate').click();
		await staff.button('admin.person.deactivate.do', dialog).click();
		await expect(his.page).toHaveURL(/\/sign-in/);
		await staff.button('admin.person.activate').click();
		await staff.button('admin.person.activate.do', dialog).click();
		await expect(staff.button('admin.person.deactivate')).toBeVisible();

		await staff.button('admin.person.delete').click();
		await staff.button('admin.person.delete.do', dialog).click();
		await expect(staff.heading(t('admin.people'))).toBeVisible();
		await expect(rows).toHaveCount(3);
		await page.goto(`/admin/people/${ben.id}`);
		await expect(page.getByText(t('person.missing.text'))).toBeVisible();

		// Staff who are no superusers are offered nothing against those who are.
		await chief.call('PATCH', `/api/v1/admin/users/${ana.id}/`, { is_staff: true });
		const hers = await open(ana, `/admin/people/${chief.id}`);
		await expect(hers.page.getByText(t('admin.person.of_staff'))).toBeVisible();
		await expect(hers.button('admin.person.delete')).toHaveCount(0);
		await expect(hers.button('admin.person.deactivate')).toHaveCount(0);
	},
);

test('groups are found, changed and closed, and jobs are looked at', async ({
	server,
	open,
	person,
	watch,
	t,
}) => {
	// Whether what the log is narrowed to is somebody, is asked for.
	watch.allow(refused(404));
	const chief = await administrator(server);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Harbour', [ben]);
	await ana.group('Market', []);
	await ben.send(room, 'Nobody but us reads this');
	const window = await open(chief, '/admin/rooms');
	const { page, dialog } = window;
	const rows = page.getByRole('table').getByRole('row');
	await expect(rows).toHaveCount(3);
	await page.getByLabel(t('admin.sort')).selectOption('-members');
	await expect(rows.nth(1)).toContainText('Harbour');
	await page.getByLabel(t('admin.rooms.search')).fill('harb');
	await expect(rows).toHaveCount(2);
	await page.getByRole('link', { name: 'Harbour' }).click();
	await expect(window.heading('Harbour')).toBeVisible();
	await expect(page.getByText('Nobody but us')).toHaveCount(0);
	await page.getByLabel(t('group.name')).fill('Old harbour');
	await page.getByLabel(t('group.topic')).fill('Boats');
	await window.button('action.save').click();
	await expect(window.heading('Old harbour')).toBeVisible();

	const hers = await open(ana, `/rooms/${room.id}`);
	await expect(hers.heading('Old harbour')).toBeVisible();
	await window.button('room.close').click();
	await window.button('room.close', dialog).click();
	await expect(page.getByText(t('room.closed'))).toBeVisible();
	await expect(hers.page.getByText(t('room.closed'))).toBeVisible();
	await page.goto('/admin/rooms');
	await page.getByLabel(t('admin.rooms.state')).selectOption('closed');
	await expect(rows).toHaveCount(2);
	await expect(rows.last()).toContainText(t('room.closed.mark'));

	await page.goto('/admin/jobs');
	await expect(rows).toHaveCount(5);
	await expect(rows.nth(1)).toContainText(t('admin.jobs.mails'));
	await page.goto(`/admin/audit?target=${room.id}`);
	await expect(rows).toHaveCount(3);
	await rows.nth(1).getByRole('link', { name: room.id }).click();
	await expect(window.heading('Old harbour')).toBeVisible();
});

test('settings are changed while the server runs', async ({ server, open, person, t }) => {
	const chief = await administrator(server);
	const ana = await person('Ana Ruiz');
	const window = await open(chief, '/admin/settings');
	const { page } = window;
	const among = (key: Parameters<typeof t>[0]) => page.getByRole('group', { name: t(key) });
	await among('admin.settings.registration').getByLabel(t('admin.settings.closed')).check();
	await among('admin.settings.public_rooms_by').getByLabel(t('admin.settings.staff')).check();
	await page.getByLabel(t('admin.settings.max_upload_size')).fill('1.5');
	await page.getByLabel(t('admin.settings.welcome')).fill('Be kind.\nSpeak low.');
	await window.button('action.save').click();
	await expect(page.getByText(t('admin.settings.saved'))).toBeVisible();

	const guest = await open(null, '/sign-in');
	await expect(guest.page.getByText('Speak low.')).toBeVisible();
	await expect(guest.page.getByRole('link', { name: t('auth.sign_up') })).toHaveCount(0);
	const hers = await open(ana);
	await hers.button('rooms.new_group').click();
	await expect(hers.dialog.getByLabel(t('group.private'))).toBeVisible();
	await expect(hers.dialog.getByLabel(t('group.public'))).toHaveCount(0);

	await window.button('admin.settings.back').click();
	await expect(window.button('admin.settings.back')).toHaveCount(0);
	await expect(page.getByLabel(t('admin.settings.welcome'))).toHaveValue('');
	await page.goto('/admin/audit');
	const rows = page.getByRole('table').getByRole('row');
	await expect(rows.nth(1)).toContainText(t('audit.settings_changed'));
});
