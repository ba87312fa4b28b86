import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

test(
	'the list has sections that close, counts apart, and marks what is muted',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const direct = await ana.directChat(ben);
		const garden = await ana.group('Garden', [ben]);
		await ana.group('Film club', [ben], { visibility: 'public' });
		await ana.send(direct, 'Hello');
		await ana.send(garden, 'Roses');
		const his = await open(ben);
		const section = (key: 'pinned' | 'direct' | 'groups' | 'public') =>
			his.rooms.getByRole('region', { name: t(`rooms.section.${key}`) });
		await expect(section('direct').getByRole('link')).toContainText(['Ana Ruiz']);
		await expect(section('groups').getByRole('link')).toContainText(['Garden']);
		await expect(section('public').getByRole('link')).toContainText(['Film club']);
		await expect(section('pinned')).toHaveCount(0);

		await expect(his.unreadOf('Garden')).toHaveAttribute('data-unread', '1');
		await expect(his.roomLine('Garden').locator('[data-mentions]')).toHaveCount(0);
		await ana.send(garden, 'What do you say, @benokoye?');
		await expect(his.unreadOf('Garden')).toHaveAttribute('data-unread', '2');
		await expect(his.roomLine('Garden').locator('[data-mentions]')).toHaveText(/@/);

		// Closed, it still says that something waits in it; also after the page is loaded anew.
		const groups = his.rooms.getByRole('button', { name: t('rooms.section.groups') });
		await groups.click();
		await expect(his.roomLine('Garden')).toHaveCount(0);
		await expect(groups.locator('[data-unread="2"]')).toBeVisible();
		await his.page.reload();
		await expect(groups).toHaveAttribute('aria-expanded', 'false');
		await groups.click();

		const menu = await his.roomMenu('Garden');
		await menu.getByRole('menuitem', { name: t('rooms.mark_read') }).click();
		await expect(his.unreadOf('Garden')).toHaveCount(0);
		await expect(his.roomLine('Garden').locator('[data-mentions]')).toHaveCount(0);
		await expect.poll(async () => (await ben.room(garden)).unread_count).toBe(0);
	},
);

test(
	'a room is pinned, muted and quietened by its menu, on every device',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const garden = await ana.group('Garden', [ben]);
		const harbour = await ana.group('Harbour', [ben]);
		await ana.send(garden, 'Roses');
		await ana.send(harbour, 'Boats');
		const his = await open(ben);
		const other = await open(await ben.again());
		await expect(his.rooms.getByRole('link')).toContainText(['Harbour', 'Garden']);

		let menu = await his.roomMenu('Garden');
		await menu.getByRole('menuitem', { name: t('rooms.pin') }).click();
		for (const window of [his, other]) {
			await expect(window.rooms.getByRole('link')).toContainText(['Garden', 'Harbour']);
			await expect(window.roomLine('Garden')).toContainText(t('rooms.pinned'));
		}

		menu = await his.roomMenu('Garden');
		await menu.getByRole('menuitem', { name: t('rooms.mute') }).click();
		await menu.getByRole('menuitem', { name: t('rooms.mute.eight_hours') }).click();
		for (const window of [his, other]) {
			await expect(window.roomLine('Garden')).toContainText(t('rooms.muted'));
		}
		menu = await his.roomMenu('Garden');
		await menu.getByRole('menuitem', { name: t('rooms.unmute') }).click();
		await expect(other.roomLine('Garden')).not.toContainText(t('rooms.muted'));

		menu = await his.roomMenu('Garden');
		await menu.getByRole('menuitem', { name: t('rooms.notify') }).click();
		const mentions = menu.getByRole('menuitemcheckbox', { name: t('rooms.notify.mentions') });
		await expect(mentions).toHaveAttribute('aria-checked', 'false');
		await mentions.click();
		menu = await his.roomMenu('Garden');
		await menu.getByRole('menuitem', { name: t('rooms.notify') }).click();
		await expect(mentions).toHaveAttribute('aria-checked', 'true');
	},
);

test('a room is cleared and left by its menu', async ({ open, person, watch, t }) => {
	// His other window looks at the room that he leaves.
	watch.allow(refused(404));
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const garden = await ana.group('Garden', [ben]);
	await ana.send(garden, 'Roses');
	const his = await open(ben);
	const other = await open(await ben.again(), `/rooms/${garden.id}`);
	await expect(other.message('Roses')).toBeVisible();

	let menu = await his.roomMenu('Garden');
	await menu.getByRole('menuitem', { name: t('rooms.clear') }).click();
	await expect(his.dialog).toContainText(t('room.clear.text'));
	await his.button('rooms.clear', his.dialog).click();
	await expect(his.dialog).toHaveCount(0);
	await expect(his.roomLine('Garden')).not.toContainText('Roses');
	await expect(other.message('Roses')).toHaveCount(0);
	await other.send('Tulips');
	await expect(other.message('Tulips')).toBeVisible();

	menu = await his.roomMenu('Garden');
	await menu.getByRole('menuitem', { name: t('room.leave') }).click();
	await expect(his.dialog).toContainText(t('room.leave.private'));
	await his.button('room.leave', his.dialog).click();
	await expect(his.roomLine('Garden')).toHaveCount(0);
});

test('the menu of a room by keyboard', { tag: '@desktop' }, async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	await ana.group('Garden');
	await ana.group('Harbour');
	const window = await open(ana);
	const { page } = window;
	// From line to line, over the heading of their section.
	await window.roomLine('Harbour').focus();
	await page.keyboard.press('ArrowDown');
	await expect(window.roomLine('Garden')).toBeFocused();
	await page.keyboard.press('Home');
	await expect(window.rooms.getByRole('button', { name: t('rooms.section.groups') })).toBeFocused();
	await page.keyboard.press('ArrowDown');
	await expect(window.roomLine('Harbour')).toBeFocused();

	await page.keyboard.press('Shift+F10');
	const menu = page.getByRole('menu', { name: 'Harbour' });
	await expect(menu.getByRole('menuitem').first()).toBeFocused();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowRight');
	await expect(menu.getByRole('menuitem', { name: t('rooms.mute.hour') })).toBeFocused();
	await page.keyboard.press('ArrowLeft');
	await expect(menu.getByRole('menuitem', { name: t('rooms.mute') })).toBeFocused();
	await page.keyboard.press('Escape');
	await expect(menu).toHaveCount(0);
	await expect(window.roomLine('Harbour')).toBeFocused();

	// The “more” button opens the same.
	await window.roomLine('Garden').hover();
	await page.getByRole('button', { name: t('rooms.more', { name: 'Garden' }) }).click();
	await expect(page.getByRole('menu', { name: 'Garden' })).toBeVisible();
});

test(
	'the filter finds rooms at once, people and messages below',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const garden = await ana.group('Garden', []);
		await ana.group('Harbour', []);
		await ana.send(garden, 'A bench by the roses');
		const window = await open(ana);
		const { page } = window;
		const filter = page.getByRole('searchbox', { name: t('rooms.filter') });
		const found = page.getByRole('search').getByRole('listitem');
		await filter.fill('grdn');
		await expect(found).toContainText(['Garden']);
		await filter.press('Escape');
		await expect(filter).toHaveValue('');
		await expect(window.roomLine('Harbour')).toBeVisible();

		await filter.fill('ben');
		await expect(page.getByText(t('rooms.filter.none'))).toBeVisible();
		await expect(page.locator(`button[data-user-id="${ben.id}"]`)).toBeVisible();
		await page.getByText(t('rooms.filter.messages', { words: 'ben' })).click();
		await expect(page.locator('[data-message-id]')).toContainText('A bench by the roses');
		if (window.touch) await page.getByRole('link', { name: t('room.back') }).click();
		await expect(filter).toHaveValue('');

		await filter.fill('ben ok');
		await page.locator(`button[data-user-id="${ben.id}"]`).click();
		await expect(window.heading('Ben Okoye')).toBeVisible();
	},
);

test(
	'the width of the list is changed and kept',
	{ tag: '@desktop' },
	async ({ open, person, t }) => {
		const window = await open(await person('Ana Ruiz'));
		const { page } = window;
		const handle = page.getByRole('separator', { name: t('rooms.resize') });
		const width = () => page.locator('.sidebar').evaluate((element) => element.clientWidth);
		const before = await width();
		await handle.focus();
		await page.keyboard.press('ArrowRight');
		await expect.poll(width).toBe(before + 16);
		await page.keyboard.press('End');
		await expect.poll(width).toBeGreaterThan(500);

		const box = await handle.boundingBox();
		if (!box) throw new Error('no handle');
		await page.mouse.move(box.x + box.width / 2, 400);
		await page.mouse.down();
		await page.mouse.move(400, 400, { steps: 4 });
		await page.mouse.up();
		await expect(handle).toHaveAttribute('aria-valuenow', '400');
		await page.reload();
		await expect(handle).toHaveAttribute('aria-valuenow', '400');
		await handle.dblclick();
		await expect.poll(width).toBe(before);
	},
);

test('a list of many rooms is made as one comes near', async ({ open, person }) => {
	test.slow();
	const ana = await person('Ana Ruiz');
	const COUNT = 300;
	for (let at = 1; at <= COUNT; at += 20) {
		await Promise.all(
			Array.from({ length: Math.min(20, COUNT - at + 1) }, (_, step) =>
				ana.group(`Room ${String(at + step).padStart(3, '0')}`),
			),
		);
	}
	const window = await open(ana);
	const lines = window.rooms.getByRole('listitem');
	await expect(lines.first()).toBeVisible();
	expect(await lines.count()).toBeLessThan(COUNT / 2);
	await expect
		.poll(async () => {
			await window.rooms.evaluate((list) => list.scrollTo(0, list.scrollHeight));
			return lines.count();
		})
		.toBe(COUNT);
});
