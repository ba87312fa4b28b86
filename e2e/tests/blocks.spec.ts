import type { Account } from '../support/account.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

async function befriend(one: Account, other: Account): Promise<void> {
	await one.call('POST', '/api/v1/friends/requests/', { user_id: other.id });
	await other.call('POST', '/api/v1/friends/requests/', { user_id: one.id });
}

test(
	'a block tells what it does, ends the friendship, and is lifted in the settings',
	{ tag: '@main' },
	async ({ open, person, watch, t }) => {
		watch.allow(refused(403));
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		await befriend(ana, ben);
		const his = await open(ben, `/people/${ana.id}`);
		await expect(his.page.getByText(t('person.friends'))).toBeVisible();

		const hers = await open(ana, `/people/${ben.id}`);
		await hers.choose(hers.button('person.more'), 'person.block');
		const { dialog } = hers;
		await expect(dialog).toContainText(t('person.block.text', { name: 'Ben Okoye' }));
		await hers.button('action.cancel', dialog).click();
		await expect(hers.page.getByText(t('person.friends'))).toBeVisible();
		await hers.choose(hers.button('person.more'), 'person.block');
		await hers.button('person.block', dialog).click();
		await expect(dialog).toHaveCount(0);
		await expect(hers.page.getByText(t('person.blocked', { name: 'Ben Okoye' }))).toBeVisible();

		// He is not told of the block, only that they are friends no more; and can't write.
		await expect(his.page.getByText(t('person.friends'))).toHaveCount(0);
		await his.button('person.message').click();
		await expect(his.page.getByRole('alert')).toHaveText(t('people.refused', { name: 'Ana Ruiz' }));

		await hers.page.goto('/settings/privacy');
		const unblock = hers.page.getByRole('button', {
			name: t('privacy.blocked.unblock', { name: 'Ben Okoye' }),
		});
		await unblock.click();
		await expect(hers.page.getByText(t('privacy.blocked.none'))).toBeVisible();
		await his.button('person.message').click();
		await expect(his.heading('Ana Ruiz')).toBeVisible();
		await expect(his.composer).toBeVisible();
	},
);

test(
	'who is blocked is no longer offered as a friend',
	{ tag: '@desktop' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		await person('Ben Okoye');
		const window = await open(ana, '/friends');
		const { page } = window;
		await page.getByLabel(t('friends.find')).fill('ben');
		const ask = page.getByRole('button', { name: t('friends.ask_named', { name: 'Ben Okoye' }) });
		await expect(ask).toBeVisible();
		await page
			.getByRole('list', { name: t('people.results') })
			.getByRole('link')
			.click();
		await window.choose(window.button('person.more'), 'person.block');
		await window.button('person.block', page.getByRole('dialog').last()).click();
		await expect(window.button('person.unblock')).toBeVisible();
		await page.keyboard.press('Escape');
		await expect(page.getByRole('list', { name: t('people.results') })).toBeVisible();
		await expect(ask).toHaveCount(0);
	},
);

test('a block is lifted where it is seen', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	await ana.call('POST', '/api/v1/blocks/', { user_id: ben.id });
	const window = await open(ana, `/people/${ben.id}`);
	await window.button('person.unblock').click();
	await expect(window.button('person.message')).toBeVisible();
	await expect(window.page.locator('.actions :focus')).toBeVisible();
	const { results } = await ana.call<{ results: unknown[] }>('GET', '/api/v1/blocks/');
	expect(results).toEqual([]);
});
