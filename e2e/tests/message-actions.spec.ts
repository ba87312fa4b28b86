import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

const UNDO = { timeout: 12_000 };

test(
	'a message is deleted after a while, and until then comes back',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		await ana.send(room, 'A secret');
		await ana.send(room, 'Nothing special');
		const hers = await open(ana, `/rooms/${room.id}`);
		const his = await open(ben, `/rooms/${room.id}`);
		const toast = hers.page.getByRole('status').filter({ hasText: t('message.deleted') });

		await hers.act(hers.message('A secret'), 'delete');
		await expect(hers.message('A secret')).toHaveCount(0);
		await expect(his.message('A secret')).toBeVisible();
		await hers.button('message.undo', toast).click();
		await expect(hers.message('A secret')).toBeVisible();
		await expect(toast).toHaveCount(0);

		// One way back, and not a word of it in the list.
		await hers.act(hers.message('Nothing special'), 'delete');
		await expect(hers.message(t('message.deleted'))).toBeFocused();
		await expect(hers.button('message.undo')).toHaveCount(1);
		await hers.toRooms();
		await expect(hers.roomLine('Ben Okoye')).toContainText(t('message.deleted'));
		await hers.button('message.undo', toast).click();
		await expect(hers.roomLine('Ben Okoye')).toContainText('Nothing special');
		await hers.openRoom('Ben Okoye');
		await expect(hers.message('Nothing special')).toBeVisible();

		await hers.act(hers.message('A secret'), 'delete');
		await expect(his.message(t('message.deleted'))).toBeVisible(UNDO);
		await expect(hers.button('message.undo')).toHaveCount(0);
		await expect(his.message('Nothing special')).toBeVisible();
	},
);

test(
	'a deletion is taken back by keyboard alone, and waits as long as it takes',
	{ tag: '@desktop' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const room = await ana.group('Garden');
		await ana.send(room, 'A secret');
		const window = await open(ana, `/rooms/${room.id}`);
		const { page } = window;
		const toast = page.getByRole('status').filter({ hasText: t('message.deleted') });
		const undo = window.button('message.undo', toast);
		await page.clock.install();
		await window.act(window.message('A secret'), 'delete');
		const gone = window.message(t('message.deleted'));
		await expect(gone).toBeFocused();
		await page.keyboard.press('F6');
		await expect(undo).toBeFocused();
		await page.clock.runFor(20_000);
		await expect(undo).toBeFocused();
		await page.keyboard.press('Escape');
		await expect(gone).toBeFocused();
		// Pointed at, it stays as well.
		await toast.locator('p').hover();
		await page.clock.runFor(20_000);
		await page.keyboard.press('F6');
		await page.keyboard.press('Enter');
		const message = window.message('A secret');
		await expect(message).toBeFocused();
		await expect(toast).toHaveCount(0);
	},
);

test('who looks after a group deletes what others wrote', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const cora = await person('Cora Lind');
	const room = await cora.group('Garden', [ana, ben]);
	const member = `/api/v1/chat/rooms/${room.id}/members/${ana.id}/`;
	await cora.call('PATCH', member, { role: 'admin' });
	await ben.send(room, 'Buy my seeds');
	await ana.send(room, 'Not here, please');
	const hers = await open(ana, `/rooms/${room.id}`);
	const his = await open(ben, `/rooms/${room.id}`);
	await hers.act(hers.message('Buy my seeds'), 'delete');
	await expect(his.message(t('message.deleted'))).toBeVisible(UNDO);
	await expect(his.message('Buy my seeds')).toHaveCount(0);
	// Without the role, only what is one's own.
	const menu = await his.menu(his.message('Not here, please'));
	await expect(his.button('message.delete', menu)).toHaveCount(0);
});

test('who leaves the page leaves nothing undeleted', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await ana.send(room, 'A secret');
	const hers = await open(ana, `/rooms/${room.id}`);
	const his = await open(ben, `/rooms/${room.id}`);
	await hers.act(hers.message('A secret'), 'delete');
	await expect(hers.message(t('message.deleted'))).toBeVisible();
	await hers.page.goto('about:blank');
	await expect(his.message(t('message.deleted'))).toBeVisible();
});

test('what a spent cookie kept from being deleted is deleted on the next visit', async ({
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(refused(401), /HTTP Authentication failed/);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await ana.send(room, 'A secret');
	const hers = await open(ana, `/rooms/${room.id}`);
	const his = await open(ben, `/rooms/${room.id}`);
	await hers.act(hers.message('A secret'), 'delete');
	await expect(hers.message(t('message.deleted'))).toBeVisible();
	await hers.page.context().clearCookies({ name: 'access_token' });
	await hers.page.goto('about:blank');
	await expect(his.message('A secret')).toBeVisible();
	await hers.page.goto('/');
	await expect(his.message(t('message.deleted'))).toBeVisible();
});

test('who signs out leaves nothing undeleted either', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await ana.send(room, 'A secret');
	const hers = await open(ana, `/rooms/${room.id}`);
	const his = await open(ben, `/rooms/${room.id}`);
	await hers.act(hers.message('A secret'), 'delete');
	await expect(hers.message(t('message.deleted'))).toBeVisible();
	await hers.toRooms();
	await hers.signOut();
	await expect(hers.button('auth.sign_in')).toBeVisible();
	await expect(his.message(t('message.deleted'))).toBeVisible();
});

test('a deletion that fails brings the message back, with the reason', async ({
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(refused(403));
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Board', [ben]);
	await ben.send(room, 'Minutes');
	const his = await open(ben, `/rooms/${room.id}`);
	await his.act(his.message('Minutes'), 'delete');
	await expect(his.message('Minutes')).toHaveCount(0);
	await ana.call('DELETE', `/api/v1/chat/rooms/${room.id}/`);
	await expect(his.message('Minutes')).toBeVisible(UNDO);
	const reason = t('message.not_deleted', { reason: '' }).trim();
	await expect(his.page.getByRole('status').filter({ hasText: reason })).toBeVisible();
});

test('texts and links are copied', async ({ open, person, t, server }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const sent = await ben.send(room, 'Plot **four**');
	const window = await open(ana, `/rooms/${room.id}`);
	await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
	const clipboard = () => window.page.evaluate(() => navigator.clipboard.readText());
	await window.act(window.message('Plot four'), 'copy');
	await expect(window.page.getByText(t('message.copied'))).toBeVisible();
	expect(await clipboard()).toBe('Plot **four**');
	await window.act(window.message('Plot four'), 'copy_link');
	await expect(window.page.getByText(t('message.link_copied'))).toBeVisible();
	expect(await clipboard()).toBe(`${server.url}/rooms/${room.id}?message=${sent.id}`);
});

test(
	'all actions by keyboard, and the focus comes back',
	{ tag: '@desktop' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		await ana.send(room, 'Five o’clock');
		const hers = await open(ana, `/rooms/${room.id}`);
		const message = hers.message('Five');
		await message.focus();
		await hers.page.keyboard.press('Shift+F10');
		await expect(hers.actions).toBeVisible();
		await expect(hers.actions.getByRole('button').first()).toBeFocused();
		await hers.page.keyboard.press('ArrowRight');
		await expect(hers.actions.getByRole('button').nth(1)).toBeFocused();
		await hers.page.keyboard.press('ArrowDown');
		await expect(hers.button('message.reply', hers.actions)).toBeFocused();
		await hers.page.keyboard.press('End');
		await expect(hers.button('message.delete', hers.actions)).toBeFocused();
		await hers.page.keyboard.press('Escape');
		await expect(hers.actions).toHaveCount(0);
		await expect(message).toBeFocused();
		await hers.page.keyboard.press('ContextMenu');
		await expect(hers.actions.getByRole('button').first()).toBeFocused();
		await hers.page.keyboard.press('Home');
		await hers.page.keyboard.press('Enter');
		await expect(message.getByRole('button', { name: /^👍 1/ })).toBeVisible();
		await expect(message).toBeFocused();
		await message.press('Shift+F10');
		await hers.button('message.edit', hers.actions).press('Enter');
		await expect(hers.composer).toBeFocused();
		await expect(hers.page.getByText(t('message.editing'))).toBeVisible();
	},
);

test(
	'a right click opens the menu where it was made',
	{ tag: '@desktop' },
	async ({ open, person }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		await ben.send(room, 'Hello [there](https://example.org)');
		const window = await open(ana, `/rooms/${room.id}`);
		await window
			.message('Hello')
			.locator('.content p')
			.click({ button: 'right', position: { x: 5, y: 5 } });
		await expect(window.actions).toBeVisible();
		const box = await window.actions.boundingBox();
		const near = await window.message('Hello').boundingBox();
		expect(Math.abs((box?.x ?? 0) - (near?.x ?? 0))).toBeLessThan(60);
		await window.page.mouse.click(5, 5);
		await expect(window.actions).toHaveCount(0);
	},
);

test('a finger that stays opens a sheet of actions', async ({ open, person, hasTouch, t }) => {
	test.skip(!hasTouch, 'fingers only');
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await ben.send(room, 'Hello');
	const window = await open(ana, `/rooms/${room.id}`);
	const box = await window.message('Hello').locator('.content p').boundingBox();
	const touch = await window.page.context().newCDPSession(window.page);
	const [x, y] = [(box?.x ?? 0) + 8, (box?.y ?? 0) + 8];
	await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
	await expect(window.actions).toBeVisible();
	await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
	await expect(window.button('message.copy', window.actions)).toBeVisible();
	const sheet = await window.actions.boundingBox();
	expect((sheet?.y ?? 0) + (sheet?.height ?? 0)).toBeCloseTo(740, 0);
	await window.button('message.reply', window.actions).click();
	await expect(window.page.getByText(t('message.replying', { name: 'Ben Okoye' }))).toBeVisible();

	// Closed beside it, it leaves nothing over the other messages; a tap shows them, and one elsewhere hides them.
	const actions = window.message('Hello').getByRole('group', { name: t('message.actions') });
	const now = await window.message('Hello').locator('.content p').boundingBox();
	const touchPoints = [{ x, y: (now?.y ?? 0) + 8 }];
	await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
	await expect(window.actions).toBeVisible();
	await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
	await window.page.touchscreen.tap(180, 60);
	await expect(window.actions).toHaveCount(0);
	await expect(actions).toHaveCSS('opacity', '0');
	await window.point(window.message('Hello'));
	await expect(actions).toHaveCSS('opacity', '1');
	await window.composer.tap();
	await expect(actions).toHaveCSS('opacity', '0');
});

test('who has read it, and when', { tag: '@main' }, async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const carla = await person('Carla Meyer');
	const room = await ana.group('Garden', [ben, carla]);
	await ana.send(room, 'Who waters?');
	const hers = await open(ana, `/rooms/${room.id}`);
	await hers.act(hers.message('Who waters?'), 'reads');
	await expect(hers.dialog.getByText(t('message.reads.none'))).toBeVisible();
	await hers.button('action.close', hers.dialog).click();
	await ben.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
	await expect(hers.message('Who waters?')).toHaveAttribute('data-status', 'read');
	await hers.act(hers.message('Who waters?'), 'reads');
	await expect(hers.dialog.getByRole('listitem')).toHaveText([/Ben Okoye/]);
	await hers.page.keyboard.press('Escape');
	await ana.call('PATCH', '/api/v1/users/me/', { settings: { send_read_receipts: false } });
	// Nothing is asked for.
	await hers.page.route('**/reads/**', (route) => route.abort());
	await hers.page.reload();
	await hers.act(hers.message('Who waters?'), 'reads');
	await expect(hers.dialog.getByText(t('message.reads.off'))).toBeVisible();
});
