import { expect, test } from '../support/test.ts';

test('a chat is begun by keyboard alone', { tag: '@desktop' }, async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	await person('Ben Okoye');
	await person('Benita Cruz');
	const window = await open(ana);
	const { page, dialog, composer } = window;
	const box = dialog.getByRole('searchbox');
	const hits = dialog.getByRole('list', { name: t('people.results') }).getByRole('button');

	await window.button('rooms.new_chat').click();
	await expect(box).toBeFocused();
	await page.keyboard.type('ben');
	await expect(hits).toHaveCount(2);
	await expect(dialog.getByText(t('people.hint'))).toHaveCount(0);
	await page.keyboard.press('ArrowDown');
	await expect(hits.first()).toBeFocused();
	await page.keyboard.press('ArrowDown');
	await expect(hits.last()).toBeFocused();
	await page.keyboard.press('ArrowUp');
	await page.keyboard.press('ArrowUp');
	await expect(box).toBeFocused();
	await page.keyboard.press('Escape');
	await expect(dialog).toHaveCount(0);

	// A selection drawn out of the field closes nothing; a press beside the dialog does.
	await window.button('rooms.new_chat').click();
	await page.keyboard.type('ben');
	await box.hover();
	await page.mouse.down();
	await page.mouse.move(8, 8);
	await page.mouse.up();
	await expect(box).toHaveValue('ben');
	await page.mouse.down();
	await page.mouse.up();
	await expect(dialog).toHaveCount(0);

	await window.button('rooms.new_chat').click();
	// Faster than the search.
	await page.keyboard.type('ben ok');
	await page.keyboard.press('Enter');
	await expect(window.heading('Ben Okoye')).toBeVisible();
	await expect(composer).toBeFocused();

	await window.button('rooms.new_chat').click();
	await page.keyboard.type('ben');
	await expect(hits).toHaveCount(2);
	const second = await hits.last().locator('.name').innerText();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await expect(window.heading(second)).toBeVisible();
});

test('people for a group are found in sight and chosen one after the other', async ({
	open,
	person,
	t,
}) => {
	const ana = await person('Ana Ruiz');
	for (const name of ['Ben Okoye', 'Benita Cruz', 'Ruben Sanz']) await person(name);
	const window = await open(ana);
	const { page, dialog } = window;
	await window.button('rooms.new_group').click();
	await expect(dialog.getByLabel(t('group.name'))).toBeFocused();
	await page.keyboard.type('Garden');
	const box = dialog.getByRole('searchbox');
	await box.focus();
	await page.keyboard.type('ben');
	const hits = dialog.getByRole('list', { name: t('people.results') }).getByRole('button');
	await expect(hits).toHaveCount(3);
	for (const hit of await hits.all()) await expect(hit).toBeInViewport({ ratio: 1 });
	await page.keyboard.press('Enter');
	const chosen = dialog.getByRole('list', { name: t('people.chosen') }).getByRole('listitem');
	await expect(chosen).toHaveCount(1);
	await expect(box).toHaveValue('');
	await expect(box).toBeFocused();
	await page.keyboard.type('ben');
	await expect(hits).toHaveCount(2);
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await expect(chosen).toHaveCount(2);
	await expect(box).toBeFocused();
	await window.button('group.create', dialog).click();
	await expect(window.heading('Garden')).toBeVisible();
});

test('forms begin with their first field', async ({ open, t }) => {
	const { page } = await open();
	await expect(page.getByLabel(t('field.username'))).toBeFocused();
	await page.getByRole('link', { name: t('auth.sign_up') }).click();
	await expect(page.getByLabel(t('field.email'))).toBeVisible();
	await expect(page.getByLabel(t('field.username'))).toBeFocused();
});

test('who has no rooms is shown two ways on', { tag: '@main' }, async ({ open, person, t }) => {
	const window = await open(await person('Ana Ruiz'));
	const { page, dialog } = window;
	await expect(page.getByRole('heading', { name: t('rooms.empty') })).toBeVisible();
	await window.button('rooms.empty.chat').click();
	await expect(dialog.getByRole('searchbox')).toBeFocused();
	await page.keyboard.press('Escape');
	await page.getByRole('link', { name: t('rooms.empty.browse') }).click();
	await expect(window.heading(t('browse.title'))).toBeVisible();
});

test('what could not be loaded is said, and tried again', async ({ open, person, watch, t }) => {
	watch.allow(/ERR_FAILED|dynamically imported|Unable to preload/);
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	await ana.send(room, 'At six');
	const window = await open(ana, `/rooms/${room.id}`);
	const { page } = window;
	const parts = '**/_app/immutable/**';
	const menu = await window.menu(window.message('At six'));
	// What lies over the page says so in a note.
	await page.route(parts, (route) => route.abort());
	await window.button('message.reads', menu).click();
	const note = page.getByRole('status').filter({ hasText: t('error.network') });
	await expect(note).toBeVisible();
	await page.unroute(parts);
	await window.button('action.retry', note).click();
	await expect(window.dialog.getByRole('heading', { name: t('message.reads') })).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(window.dialog).toHaveCount(0);

	// What has a place says so there.
	await page.route(parts, (route) => route.abort());
	await window.button('emoji.open').click();
	await expect(window.dialog.getByRole('alert')).toContainText(t('error.network'));
	await page.unroute(parts);
	await window.button('action.retry', window.dialog).click();
	await expect(window.dialog.getByRole('tab')).toHaveCount(9);
});
