import type { Account } from '../support/account.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

const ask = (from: Account, to: Account) =>
	from.call('POST', '/api/v1/friends/requests/', { user_id: to.id });

async function befriend(one: Account, other: Account): Promise<void> {
	await ask(one, other);
	await ask(other, one);
}

test(
	'a request is asked, shows at once, and makes friends',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const hers = await open(ana, '/friends');
		const his = await open(ben);
		const badge = his.page.locator('footer .friends .dot');
		await expect(his.account).toBeVisible();
		await expect(badge).toHaveCount(0);

		await hers.page.getByRole('searchbox', { name: t('friends.find') }).fill('ben ok');
		await hers.page
			.getByRole('button', { name: t('friends.ask_named', { name: 'Ben Okoye' }) })
			.click();
		const outgoing = hers.page.getByRole('region', { name: t('friends.outgoing') });
		await expect(outgoing).toContainText('Ben Okoye');

		await expect(badge).toBeVisible();
		await his.page.locator('footer .friends').click();
		const incoming = his.page.getByRole('region', { name: t('friends.incoming') });
		await expect(incoming).toContainText('Ana Ruiz');
		await incoming
			.getByRole('button', { name: t('friends.accept_named', { name: 'Ana Ruiz' }) })
			.click();
		await expect(incoming).toHaveCount(0);
		for (const [window, name] of [
			[his, 'Ana Ruiz'],
			[hers, 'Ben Okoye'],
		] as const) {
			const list = window.page.getByRole('region', {
				name: new RegExp(`^${t('friends.title')} \\d`),
			});
			await expect(list).toContainText(name);
			await expect(list.locator('.dot.online')).toHaveCount(1);
		}
		await expect(outgoing).toHaveCount(0);
	},
);

test('a request is declined, and another taken back', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const cora = await person('Cora Lind');
	await ask(ben, ana);
	await ask(ana, cora);
	const window = await open(ana, '/friends');
	const { page } = window;
	await page
		.getByRole('button', { name: t('friends.decline_named', { name: 'Ben Okoye' }) })
		.click();
	await expect(page.getByRole('region', { name: t('friends.incoming') })).toHaveCount(0);
	await page
		.getByRole('button', { name: t('friends.cancel_named', { name: 'Cora Lind' }) })
		.click();
	await expect(page.getByRole('region', { name: t('friends.outgoing') })).toHaveCount(0);
	await expect(page.getByText(t('friends.empty'))).toBeVisible();
	// The focus has not been lost with the buttons.
	await expect(page.getByRole('heading', { level: 2, name: t('friends.title') })).toBeFocused();
	const { results } = await cora.call<{ results: unknown[] }>('GET', '/api/v1/friends/requests/');
	expect(results).toEqual([]);
});

test('a friend is written to, who takes messages from friends only', async ({
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(refused(403));
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const cora = await person('Cora Lind');
	for (const one of [ben, cora]) {
		await one.call('PATCH', '/api/v1/users/me/', { settings: { direct_messages: 'friends' } });
	}
	await befriend(ana, ben);
	const window = await open(ana, '/friends');
	await window.page
		.getByRole('button', { name: t('friends.message_named', { name: 'Ben Okoye' }) })
		.click();
	await expect(window.heading('Ben Okoye')).toBeVisible();
	await window.toRooms();

	// Friends are offered before a word is typed; why the others can't be written to is told.
	await window.button('rooms.new_chat').click();
	const friends = window.dialog.getByRole('list', { name: t('people.suggested') });
	await expect(friends.getByRole('button')).toHaveCount(1);
	await expect(friends).toContainText(t('people.friend'));
	await window.dialog.getByRole('searchbox').fill('cora');
	await window.dialog.locator(`[data-user-id="${cora.id}"]`).click();
	await expect(window.dialog.getByRole('alert')).toHaveText(
		t('people.refused', { name: 'Cora Lind' }),
	);
});

test('somebody is found by id', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	await person('Cora Lind');
	const { page } = await open(ana, '/friends');
	await page.getByRole('searchbox', { name: t('friends.find') }).fill(ben.id);
	const found = page.getByRole('list', { name: t('people.results') }).getByRole('listitem');
	await expect(found).toHaveCount(1);
	await expect(found).toContainText('Ben Okoye');
});

test('friends stand first among those found', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	await person('Ben Adler');
	const ben = await person('Ben Zuse');
	await befriend(ana, ben);
	const window = await open(ana);
	await window.button('rooms.new_group').click();
	await window.dialog.getByRole('searchbox').fill('ben');
	const hits = window.dialog.getByRole('list', { name: t('people.results') }).getByRole('button');
	await expect(hits).toHaveCount(2);
	await expect(hits.first()).toContainText('Ben Zuse');
});

test('friends that could not be fetched are asked for again', async ({
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(/ERR_FAILED/);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	await befriend(ana, ben);
	const window = await open(null, '/sign-in');
	const { page } = window;
	await page.route('**/api/v1/friends/*', (route) => route.abort());
	await window.signIn('anaruiz', 'Blue-Kettle-47-Harbour');
	await expect(window.account).toBeVisible();
	await page.locator('footer .friends').click();
	await expect(page.getByText(t('friends.failed'))).toBeVisible();
	await page.unroute('**/api/v1/friends/*');
	await window.button('action.retry').click();
	await expect(page.getByRole('main')).toContainText('Ben Okoye');
});
