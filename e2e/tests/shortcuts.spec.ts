import { expect, test } from '../support/test.ts';

test(
	'a sheet lists the keys, and is not in the way of typing',
	{ tag: ['@main', '@desktop'] },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const garden = await ana.group('Garden');
		const window = await open(ana, `/rooms/${garden.id}`);
		const { page, dialog } = window;
		await expect(window.composer).toBeFocused();
		await page.keyboard.type('What?');
		await expect(window.composer).toHaveValue('What?');
		await expect(dialog).toHaveCount(0);

		await window.button('room.details').focus();
		await page.keyboard.press('?');
		await expect(dialog.getByRole('heading', { name: t('shortcuts.title') })).toBeVisible();
		await expect(dialog.getByText(t('shortcuts.switcher'))).toBeVisible();
		await expect(dialog.getByText(t('shortcuts.next_unread'), { exact: true })).toBeVisible();
		// What lies above has its own keys.
		await page.keyboard.press('Alt+ArrowDown');
		await page.keyboard.press('Escape');
		await expect(dialog).toHaveCount(0);
		await expect(window.button('room.details')).toBeFocused();
		// Without a key, too; and those of what one writes are among them.
		await window.choose(window.account, 'shortcuts.title');
		await expect(dialog.getByText(t('composer.bold'))).toBeVisible();
	},
);

test(
	'keys lead from room to room, and on to what is unread',
	{ tag: '@desktop' },
	async ({ open, person }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const names = ['Attic', 'Balcony', 'Cellar', 'Door'];
		for (const name of names) await ana.send(await ana.group(name, [ben]), `In the ${name}`);
		const his = await open(ben);
		const { keyboard } = his.page;
		await expect(his.rooms.getByRole('link')).toContainText(['Door', 'Cellar', 'Balcony', 'Attic']);
		await keyboard.press('Alt+ArrowDown');
		await expect(his.heading('Door')).toBeVisible();
		await expect(his.composer).toBeFocused();
		await expect(his.unreadOf('Door')).toHaveCount(0);
		await keyboard.press('Alt+ArrowDown');
		await expect(his.heading('Cellar')).toBeVisible();
		await expect(his.unreadOf('Cellar')).toHaveCount(0);
		await keyboard.press('Alt+ArrowUp');
		await expect(his.heading('Door')).toBeVisible();
		await keyboard.press('Alt+ArrowUp');
		await expect(his.heading('Attic')).toBeVisible();
		await expect(his.unreadOf('Attic')).toHaveCount(0);
		await keyboard.press('Alt+Shift+ArrowDown');
		await expect(his.heading('Balcony')).toBeVisible();
	},
);

test(
	'Escape closes the panel; keys open search and details',
	{ tag: '@desktop' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const garden = await ana.group('Garden');
		const window = await open(ana, `/rooms/${garden.id}`);
		const { page, panel } = window;
		await expect(window.composer).toBeFocused();
		await page.keyboard.press('Control+Shift+F');
		await expect(panel.getByRole('searchbox', { name: t('search.label') })).toBeFocused();
		await page.keyboard.press('Escape');
		await expect(panel).toHaveCount(0);
		await expect(window.composer).toBeFocused();
		await page.keyboard.press('Control+.');
		await expect(panel.getByRole('heading', { name: t('room.details') })).toBeVisible();
		// From the composer too, which gives it up only after its own.
		await page.keyboard.press('Escape');
		await expect(panel).toHaveCount(0);
	},
);
