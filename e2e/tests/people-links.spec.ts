import type { Locator } from '@playwright/test';
import type { Account } from '../support/account.ts';
import { expect, test } from '../support/test.ts';
import type { Window } from '../support/window.ts';

/** Follows what leads to a person, and comes back. */
async function leadsTo(window: Window, link: Locator, who: Account): Promise<void> {
	const { page } = window;
	const before = page.url();
	await link.click();
	await expect(page).toHaveURL(new RegExp(`/people/${who.id}$`));
	const profile = window.touch ? page.getByRole('main') : window.dialog;
	await expect(profile.getByText(`@${who.username}`)).toBeVisible();
	await page.goBack();
	await expect(page).toHaveURL(before);
	await expect(window.dialog).toHaveCount(0);
}

test(
	'names, pictures and mentions lead to the person',
	{ tag: '@main' },
	async ({ open, person }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const cora = await person('Cora Lind');
		const room = await ana.group('Garden', [ben, cora]);
		await ben.send(room, 'Ask @coralind');
		const window = await open(ana, `/rooms/${room.id}`);
		const { page } = window;
		const message = window.message('Ask @coralind');
		await leadsTo(window, message.getByRole('link', { name: 'Ben Okoye' }), ben);
		await leadsTo(window, message.locator('.avatar'), ben);
		await leadsTo(window, message.getByRole('link', { name: '@coralind' }), cora);
		await page.goto(`/rooms/${room.id}?panel=members`);
		await leadsTo(window, window.members.getByRole('link', { name: /Cora Lind/ }), cora);
		const direct = await ana.directChat(ben);
		await page.goto(`/rooms/${direct.id}`);
		await leadsTo(window, window.heading('Ben Okoye'), ben);
	},
);

test('the keyboard follows them, and comes back', { tag: '@desktop' }, async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const cora = await person('Cora Lind');
	const room = await ana.group('Garden', [ben, cora]);
	await ben.send(room, 'Ask @coralind');
	const window = await open(ana, `/rooms/${room.id}`);
	const { keyboard } = window.page;
	const message = window.message('Ask @coralind');
	await message.focus();
	for (const [name, who] of [
		['Ben Okoye', ben],
		['@coralind', cora],
	] as const) {
		const link = message.getByRole('link', { name });
		await keyboard.press('Tab');
		await expect(link).toBeFocused();
		await keyboard.press('Enter');
		await expect(window.dialog.getByText(`@${who.username}`)).toBeVisible();
		await keyboard.press('Escape');
		await expect(window.dialog).toHaveCount(0);
		await expect(link).toBeFocused();
	}
});
