import { expect, test } from '../support/test.ts';

test(
	'Ctrl K leads to rooms, people and actions',
	{ tag: ['@main', '@desktop'] },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const [garden, harbour] = [await ana.group('Garden', [ben]), await ana.group('Harbour', [ben])];
		await ana.send(garden, 'Roses');
		await ana.send(harbour, 'Boats');
		const window = await open(ana, `/rooms/${garden.id}`);
		const { page, dialog } = window;
		const { keyboard } = page;
		const box = dialog.getByRole('combobox');
		const options = dialog.getByRole('option');
		const chosen = dialog.getByRole('option', { selected: true });
		await expect(window.composer).toBeFocused();

		// From within the composer; the room where one was last stands first, the one on screen last.
		await keyboard.press('Control+k');
		await expect(box).toBeFocused();
		await expect(chosen).toContainText('Harbour');
		await keyboard.press('Enter');
		await expect(window.heading('Harbour')).toBeVisible();
		await expect(window.composer).toBeFocused();
		await keyboard.press('Control+k');
		await expect(chosen).toContainText('Garden');

		await keyboard.press('ArrowDown');
		await expect(chosen).toContainText('Harbour');
		await keyboard.press('ArrowUp');
		await keyboard.press('ArrowUp');
		await expect(chosen).toContainText(t('auth.sign_out'));
		const id = await chosen.getAttribute('id');
		await expect(box).toHaveAttribute('aria-activedescendant', id ?? '');

		await box.fill('gdn');
		await expect(options.first()).toContainText('Garden');
		await expect(options.first().locator('mark').first()).toHaveText('G');
		await box.fill('ben ok');
		await expect(dialog.getByRole('group', { name: t('switcher.people') })).toContainText(
			'Ben Okoye',
		);
		await keyboard.press('Enter');
		await expect(window.heading('Ben Okoye')).toBeVisible();

		await keyboard.press('Control+k');
		await box.fill('zzzz');
		await expect(dialog.getByText(t('switcher.none'))).toBeVisible();
		await box.fill(t('rooms.new_group'));
		await keyboard.press('Enter');
		await expect(dialog.getByRole('heading', { name: t('group.title') })).toBeVisible();
		await keyboard.press('Escape');
		await expect(dialog).toHaveCount(0);

		await keyboard.press('Control+k');
		await box.hover();
		await page.mouse.down();
		await page.mouse.move(8, 8);
		await page.mouse.up();
		await expect(box).toBeVisible();
		await page.mouse.down();
		await page.mouse.up();
		await expect(dialog).toHaveCount(0);

		await keyboard.press('Control+k');
		await box.fill(t('switcher.theme', { theme: t('account.theme.dark') }));
		await keyboard.press('Enter');
		await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

		await keyboard.press('Control+k');
		await expect(box).toBeFocused();
		await keyboard.press('Escape');
		await expect(dialog).toHaveCount(0);
		await expect(window.composer).toBeFocused();
	},
);

test(
	'what is typed can be looked for in messages',
	{ tag: ['@main', '@desktop'] },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const [garden, harbour] = [await ana.group('Garden'), await ana.group('Harbour')];
		for (const text of ['Red roses', 'White lilies']) await ana.send(garden, text);
		await ana.send(harbour, 'A boat named Rose');
		const window = await open(ana, `/rooms/${garden.id}`);
		const { page, dialog } = window;
		const chosen = dialog.getByRole('option', { selected: true });
		const words = page.getByRole('searchbox', { name: t('search.label') });
		const hits = page.getByRole('list', { name: t('search.results') }).getByRole('link');
		async function search(text: string, ...keys: string[]): Promise<void> {
			await page.keyboard.press('Control+k');
			await dialog.getByRole('combobox').fill(text);
			for (const key of keys) await page.keyboard.press(key);
		}
		await expect(window.composer).toBeFocused();

		// The last line is for the room that is open; beside it, one search follows the other.
		await search('rose', 'ArrowUp');
		await expect(chosen).toHaveText(t('switcher.messages.here', { words: 'rose' }));
		await page.keyboard.press('Enter');
		await expect(hits).toHaveCount(1);
		await search('lil', 'ArrowUp', 'Enter');
		await expect(words).toHaveValue('lil');
		await expect(hits).toContainText(['White lilies']);

		await search('rose', 'ArrowUp', 'ArrowUp');
		await expect(chosen).toHaveText(t('rooms.filter.messages', { words: 'rose' }));
		await page.keyboard.press('Enter');
		await expect(page).toHaveURL(/\/search\?q=rose$/);
		await expect(hits).toHaveCount(2);
		// Where nothing else is found, it is what Enter does.
		await search('zzzz');
		await expect(chosen).toHaveText(t('rooms.filter.messages', { words: 'zzzz' }));
		await page.keyboard.press('Enter');
		await expect(words).toHaveValue('zzzz');
		await expect(page.getByText(t('search.none'), { exact: true })).toBeVisible();
	},
);

test('it opens within a frame', { tag: '@desktop' }, async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const garden = await ana.group('Garden');
	const window = await open(ana, `/rooms/${garden.id}`);
	await expect(window.composer).toBeFocused();
	// What it is made of comes once the page has come to rest, or is asked for.
	await window.page.keyboard.press('Control+k');
	await expect(window.dialog).toBeVisible();
	await window.page.keyboard.press('Escape');
	await expect(window.composer).toBeFocused();
	const there = await window.page.evaluate(
		() =>
			new Promise<boolean>((tell) => {
				const keys = { key: 'k', ctrlKey: true, bubbles: true, cancelable: true };
				document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', keys));
				requestAnimationFrame(() => tell(document.querySelector('dialog[open]') !== null));
			}),
	);
	expect(there).toBe(true);
});
