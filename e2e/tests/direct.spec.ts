import { expect, test } from '../support/test.ts';

test(
	'a chat with somebody found by name is live in both windows',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const hers = await open(ana);
		const his = await open(ben);

		await hers.button('rooms.new_chat').click();
		await hers.dialog.getByRole('searchbox', { name: t('people.find') }).fill('ben ok');
		await hers.dialog.locator(`[data-user-id="${ben.id}"]`).click();
		await expect(hers.heading('Ben Okoye')).toBeVisible();
		await hers.send('Hello Ben, *welcome*!');
		await expect(hers.message('Hello Ben')).toHaveAttribute('data-status', 'sent');

		// His window hears of the room by itself.
		await expect(his.unreadOf('Ana Ruiz')).toHaveAttribute('data-unread', '1');
		await his.openRoom('Ana Ruiz');
		await expect(his.message('Hello Ben').locator('em')).toHaveText('welcome');
		await expect(hers.message('Hello Ben')).toHaveAttribute('data-status', 'read');
		await his.send('Hi Ana ☕ — «qué tal»?');
		await expect(hers.message('Hi Ana ☕ — «qué tal»?')).toBeVisible();
		expect(await his.texts()).toEqual(await hers.texts());
	},
);

test(
	'reply, edit and delete show in both windows',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		await ana.send(room, 'Shall we meet at five?');
		const hers = await open(ana, `/rooms/${room.id}`);
		const his = await open(ben, `/rooms/${room.id}`);

		await his.act(his.message('Shall we meet'), 'reply');
		await expect(his.page.getByText(t('message.replying', { name: 'Ana Ruiz' }))).toBeVisible();
		await his.send('Five is fine');
		for (const window of [hers, his]) {
			await expect(window.message('Five is fine').getByRole('blockquote')).toContainText(
				'Shall we meet at five?',
			);
		}

		await hers.act(hers.message('Shall we meet'), 'edit');
		await expect(hers.composer).toHaveValue('Shall we meet at five?');
		await hers.composer.fill('Shall we meet at six?');
		await hers.button('action.save').click();
		for (const window of [hers, his]) {
			await expect(window.message('Shall we meet at six?')).toContainText(t('message.edited'));
			await expect(window.message('Five is fine').getByRole('blockquote')).toContainText('at six?');
		}

		await his.act(his.message('Five is fine'), 'delete');
		await expect(his.dialog).toHaveCount(0);
		for (const window of [hers, his]) {
			await expect(window.message(t('message.deleted'))).toBeVisible();
			await expect(window.message('Five is fine')).toHaveCount(0);
		}
		// The others' messages are not hers to change.
		const menu = await his.menu(his.message('Shall we meet'));
		await expect(his.button('message.copy', menu)).toBeVisible();
		await expect(his.button('message.edit', menu)).toHaveCount(0);
		await expect(his.button('message.delete', menu)).toHaveCount(0);
	},
);

test('typing shows, and fades', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const hers = await open(ana, `/rooms/${room.id}`);
	const his = await open(ben, `/rooms/${room.id}`);
	const note = hers.page.getByText(t('typing.one', { name: 'Ben Okoye' }));

	/** It does not stay for long: who looks for it looks while it is typed. */
	const types = (text: string) =>
		Promise.all([expect(note).toBeVisible(), his.composer.pressSequentially(text)]);

	// Both sockets are there, and hers has said what she looks at: who comes later is told of nothing that was typed before.
	await hers.send('Are you there?');
	await expect(hers.message('Are you there?')).toHaveAttribute('data-status', 'read');
	await his.send('Yes');
	await expect(his.message('Yes')).toHaveAttribute('data-status', 'read');
	await types('Wait');
	await his.composer.fill('');
	await expect(note).toHaveCount(0);

	await types('I fall asl');
	// Nothing more is typed: the server says so by itself.
	await expect(note).toHaveCount(0);

	await types('eep');
	await his.button('message.send').click();
	await expect(hers.message('I fall asleep')).toBeVisible();
	await expect(note).toHaveCount(0);
});

test('ticks: sent, then read once it has been on screen', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const hers = await open(ana, `/rooms/${room.id}`);
	const his = await open(ben);
	await hers.send('One');
	await hers.send('Two');
	await expect(his.unreadOf('Ana Ruiz')).toHaveAttribute('data-unread', '2');
	await expect(hers.message('One')).toHaveAttribute('data-status', 'sent');
	await expect(hers.message('Two')).toHaveAttribute('data-status', 'sent');
	await his.openRoom('Ana Ruiz');
	await expect(hers.message('One')).toHaveAttribute('data-status', 'read');
	await expect(hers.message('Two')).toHaveAttribute('data-status', 'read');
	await hers.send('Three');
	await expect(hers.message('Three')).toHaveAttribute('data-status', 'read');
	// What was read stays read.
	await hers.page.reload();
	await expect(hers.message('Three')).toHaveAttribute('data-status', 'read');
});

test('the dot shows who is there', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const hers = await open(ana, `/rooms/${room.id}`);
	const header = hers.page.locator('header').filter({ has: hers.heading('Ben Okoye') });
	// Never seen yet: nothing to say.
	await expect(header).toContainText('@benokoye');
	await expect(header.locator('.dot')).toHaveCount(0);
	const his = await open(ben);
	await expect(header).toContainText(t('presence.online'));
	await expect(header.locator('.dot.online')).toBeVisible();
	await his.page.close();
	// Told ten seconds after the last socket has ended.
	await expect(header.locator('.dot.online')).toHaveCount(0, { timeout: 20_000 });
	await expect(header.locator('.dot')).toContainText(t('presence.offline'));
});
