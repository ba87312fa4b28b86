import { expect, test } from '../support/test.ts';

test(
	'an emoji is searched for and put where the caret is',
	{ tag: '@main' },
	async ({ open, person, t, locale }) => {
		const ana = await person('Ana Ruiz');
		const room = await ana.group('Garden');
		const window = await open(ana, `/rooms/${room.id}`);
		const { composer } = window;
		const picker = window.page.getByRole('dialog', { name: t('emoji.open') });
		await composer.fill('Oh !');
		await composer.evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(3, 3));
		await window.button('emoji.open').click();
		const search = picker.getByRole('searchbox', { name: t('emoji.search') });
		await expect(picker.getByRole('tab')).toHaveCount(9);
		await search.fill(locale?.startsWith('es') ? 'cohete' : 'rocket');
		await picker.getByText('🚀', { exact: true }).click();
		await expect(composer).toHaveValue('Oh 🚀!');
		await expect(picker).toBeHidden();
		await expect(composer).toBeFocused();
		await window.button('message.send').click();
		await expect(window.message('Oh 🚀!')).toBeVisible();
		// What was used comes first the next time.
		await window.button('emoji.open').click();
		await expect(picker.getByRole('tab', { name: t('emoji.group.recent') })).toHaveAttribute(
			'aria-selected',
			'true',
		);
		await expect(picker.getByRole('tabpanel').getByRole('button')).toHaveText(['🚀']);
	},
);

test(
	'the picker by keyboard alone',
	{ tag: ['@main', '@desktop'] },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const room = await ana.group('Garden');
		const window = await open(ana, `/rooms/${room.id}`);
		const { keyboard } = window.page;
		const picker = window.page.getByRole('dialog', { name: t('emoji.open') });
		await window.button('emoji.open').focus();
		await keyboard.press('Enter');
		await expect(picker.getByRole('searchbox')).toBeFocused();
		const cells = picker.getByRole('tabpanel').getByRole('button');
		await expect(cells.first()).toBeVisible();
		await keyboard.press('ArrowDown');
		await expect(cells.first()).toBeFocused();
		await keyboard.press('ArrowRight');
		await expect(cells.nth(1)).toBeFocused();
		await keyboard.press('ArrowDown');
		await keyboard.press('ArrowUp');
		await expect(cells.nth(1)).toBeFocused();
		await keyboard.press('End');
		await expect(cells.last()).toBeFocused();
		await picker.getByRole('tab', { selected: true }).focus();
		await keyboard.press('ArrowRight');
		await expect(
			picker.getByRole('tab', { name: t('emoji.group.1'), selected: true }),
		).toBeFocused();
		await keyboard.press('Escape');
		await expect(picker).toBeHidden();
		await expect(window.composer).toBeFocused();
	},
);

test('a skin tone is kept', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	const picker = window.page.getByRole('dialog', { name: t('emoji.open') });
	await window.button('emoji.open').click();
	await picker.getByRole('combobox', { name: t('emoji.skin') }).selectOption('4');
	await picker.getByRole('searchbox').fill('thumbsup');
	await picker.getByText('👍🏾', { exact: true }).click();
	await expect(window.composer).toHaveValue('👍🏾');
	await window.page.reload();
	await window.composer.fill('');
	await window.composer.click();
	await window.composer.pressSequentially(':thumbsup:');
	await expect(window.composer).toHaveValue('👍🏾');
});

test('what is not found is said, and so is what does not load', async ({
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(/ERR_FAILED/);
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	const picker = window.page.getByRole('dialog', { name: t('emoji.open') });
	await window.page.route(/data.*\.json/, (route) => route.abort());
	await window.button('emoji.open').click();
	await expect(picker.getByText(t('emoji.failed'))).toBeVisible();
	await window.page.unroute(/data.*\.json/);
	await window.button('action.retry', picker).click();
	await expect(picker.getByRole('tabpanel')).toBeVisible();
	await picker.getByRole('searchbox').fill('qqqq');
	await expect(picker.getByText(t('emoji.none'))).toBeVisible();
});
