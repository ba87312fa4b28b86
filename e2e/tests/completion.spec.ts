import { expect, test } from '../support/test.ts';

test(
	'a name is suggested, taken by keyboard, and mentions',
	{ tag: ['@main', '@desktop'] },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const bea = await person('Bea Lind');
		const room = await ana.group('Garden', [ben, bea]);
		const window = await open(ana, `/rooms/${room.id}`);
		const { composer } = window;
		const { keyboard } = window.page;
		const list = window.page.getByRole('listbox', { name: t('composer.suggestions.people') });
		await composer.pressSequentially('Hello @be');
		await expect(list.getByRole('option')).toHaveCount(2);
		const first = list.getByRole('option').first();
		await expect(first).toHaveAttribute('aria-selected', 'true');
		await expect(composer).toHaveAttribute(
			'aria-activedescendant',
			(await first.getAttribute('id')) ?? '',
		);
		await keyboard.press('ArrowUp');
		await expect(list.getByRole('option').last()).toHaveAttribute('aria-selected', 'true');
		await keyboard.press('ArrowDown');
		await composer.pressSequentially('n');
		await expect(list.getByRole('option')).toHaveText(/Ben Okoye/);
		await keyboard.press('Tab');
		await expect(composer).toHaveValue('Hello @benokoye ');
		await expect(list).toHaveCount(0);
		await expect(composer).toBeFocused();
		await keyboard.press('Enter');
		await expect(window.message('Hello').locator('.mention')).toHaveText('@benokoye');
	},
);

test('a name is taken by a tap or a click', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Garden', [ben]);
	const window = await open(ana, `/rooms/${room.id}`);
	await window.composer.click();
	await window.composer.pressSequentially('@');
	await expect(window.page.getByRole('option')).toHaveCount(3);
	await window.page.getByRole('option', { name: 'Ben Okoye' }).click();
	await expect(window.composer).toHaveValue('@benokoye ');
	await expect(window.composer).toBeFocused();
});

test(
	'Escape wants no more suggestions for a word',
	{ tag: '@desktop' },
	async ({ open, person }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.group('Garden', [ben]);
		const window = await open(ana, `/rooms/${room.id}`);
		const options = window.page.getByRole('option');
		await window.composer.pressSequentially('@b');
		await expect(options).toHaveCount(1);
		await window.page.keyboard.press('Escape');
		await expect(options).toHaveCount(0);
		await window.composer.pressSequentially('e');
		await expect(options).toHaveCount(0);
		await window.composer.pressSequentially(' @b');
		await expect(options).toHaveCount(1);
	},
);

test('all of a room are for who runs it to call', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Garden', [ben]);
	const hers = await open(ana, `/rooms/${room.id}`);
	const his = await open(ben, `/rooms/${room.id}`);
	for (const [window, count] of [
		[hers, 1],
		[his, 0],
	] as const) {
		await window.composer.click();
		await window.composer.pressSequentially('@ro');
		await expect(window.page.getByRole('option', { name: '@room' })).toHaveCount(count);
	}
	await hers.page.getByRole('option', { name: '@room' }).click();
	await expect(hers.composer).toHaveValue('@room ');
});

test(
	'an emoji is found by its short name, and put there itself',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const room = await ana.group('Garden');
		const window = await open(ana, `/rooms/${room.id}`);
		const list = window.page.getByRole('listbox', { name: t('composer.suggestions.emoji') });
		await window.composer.click();
		await window.composer.pressSequentially('Good :tad');
		await expect(list.getByRole('option').first()).toContainText(':tada:');
		await list.getByRole('option').first().click();
		await expect(window.composer).toHaveValue('Good 🎉 ');
		await window.composer.pressSequentially('or :rocket:');
		await expect(window.composer).toHaveValue('Good 🎉 or 🚀');
		// Neither a time nor a smile asks for one.
		await window.composer.fill('');
		await window.composer.pressSequentially('at 10:30 :)');
		await expect(list).toHaveCount(0);
		await expect(window.composer).toHaveValue('at 10:30 :)');
	},
);
