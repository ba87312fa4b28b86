import { PASSWORD } from '../support/account.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

test(
	'a member’s profile opens over the room, and closes on the way back',
	{ tag: ['@main', '@desktop'] },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		await ben.call('PATCH', '/api/v1/users/me/', { bio: 'Grows roses.\nPlays the oboe.' });
		const room = await ana.group('Garden', [ben]);
		const window = await open(ana, `/rooms/${room.id}?panel=members`);
		const { page, dialog } = window;
		const link = window.panel.getByRole('link', { name: 'Ben Okoye' });
		await link.click();
		await expect(page).toHaveURL(new RegExp(`/people/${ben.id}$`));
		await expect(dialog.getByRole('heading', { name: 'Ben Okoye' })).toBeVisible();
		await expect(dialog).toContainText('Plays the oboe.');
		await page.keyboard.press('Escape');
		await expect(dialog).toHaveCount(0);
		await expect(page).toHaveURL(new RegExp(`/rooms/${room.id}\\?panel=members$`));
		await expect(link).toBeFocused();

		await link.click();
		await expect(dialog).toBeVisible();
		await page.goBack();
		await expect(dialog).toHaveCount(0);
		await expect(window.composer).toBeVisible();

		await link.click();
		await window.button('person.message', dialog).click();
		await expect(dialog).toHaveCount(0);
		await expect(window.heading('Ben Okoye')).toBeVisible();
		await expect(window.composer).toBeFocused();

		// The address is worth a page of its own.
		await page.goto(`/people/${ben.id}`);
		await expect(window.heading('Ben Okoye')).toBeVisible();
		await expect(page).toHaveTitle(new RegExp(t('person.profile_of', { name: 'Ben Okoye' })));
	},
);

test('a new name shows at once wherever somebody is named', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Garden', [ben]);
	const first = await ben.send(room, 'The roses are open');
	await ana.send(room, 'All of them?', { reply_to_id: first.id });
	const window = await open(ana, `/rooms/${room.id}`);
	const named = (name: string) => window.timeline.getByText(name, { exact: true });
	await expect(named('Ben Okoye')).toHaveCount(2);

	const display_name = 'Benjamin';
	await ben.call('PATCH', '/api/v1/users/me/', { display_name });
	await expect(named('Benjamin')).toHaveCount(2);
	await expect(named('Ben Okoye')).toHaveCount(0);
	await expect(window.message('The roses are open')).toHaveAccessibleName(/^Benjamin/);

	await ben.call('DELETE', '/api/v1/users/me/', { password: PASSWORD });
	await expect(named('Benjamin')).toHaveCount(0);
	await expect(named('Deleted user')).toHaveCount(2);
});

test('a mention leads to the person', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Garden', [ben]);
	await ana.send(room, 'Ask @benokoye about it');
	const window = await open(ana, `/rooms/${room.id}`);
	await window.message('Ask @benokoye').locator('.mention').click();
	const name = window.touch
		? window.heading('Ben Okoye')
		: window.dialog.getByRole('heading', { name: 'Ben Okoye' });
	await expect(name).toBeVisible();
});

test(
	'friendship is asked for and answered on the profile',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const hers = await open(ana, `/people/${ben.id}`);
		const his = await open(ben, `/people/${ana.id}`);
		await hers.button('friends.ask').click();
		await expect(hers.page.getByText(t('person.outgoing', { name: 'Ben Okoye' }))).toBeVisible();
		await expect(his.page.getByText(t('person.incoming', { name: 'Ana Ruiz' }))).toBeVisible();
		await hers.button('friends.cancel').click();
		await expect(his.button('friends.ask')).toBeVisible();
		await hers.button('friends.ask').click();
		await his.button('friends.accept').click();
		for (const window of [hers, his]) {
			await expect(window.page.getByText(t('person.friends'))).toBeVisible();
		}
		await hers.choose(hers.button('person.more'), 'friends.end');
		await hers.button('friends.end', hers.dialog).click();
		await expect(his.button('friends.ask')).toBeVisible();
		await expect(hers.button('friends.ask')).toBeVisible();
	},
);

test('an account that is not there is told apart from trouble', async ({
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(refused(404), refused(400), /ERR_FAILED/);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const window = await open(ana, '/people/0198c7c5-0000-7000-8000-000000000000');
	await expect(window.page.getByText(t('person.missing.text'))).toBeVisible();
	await window.page.route(`**/api/v1/users/${ben.id}/`, (route) => route.abort());
	await window.page.goto(`/people/${ben.id}`);
	await expect(window.page.getByText(t('person.failed'))).toBeVisible();
	await window.page.unroute(`**/api/v1/users/${ben.id}/`);
	await window.button('action.retry').click();
	await expect(window.heading('Ben Okoye')).toBeVisible();
});
