import { expect, test } from '../support/test.ts';

test(
	'a message is pinned, found and let go, for all to see',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.group('Garden', [ben]);
		await ben.send(room, 'The key is under the stone');
		await ben.send(room, 'Hello');
		const hers = await open(ana, `/rooms/${room.id}`);
		const his = await open(ben, `/rooms/${room.id}?panel=pins`);
		const list = his.panel.getByRole('listitem');
		await expect(his.panel.getByText(t('pins.none'), { exact: true })).toBeVisible();

		await hers.act(hers.message('The key'), 'pin');
		await expect(list).toHaveText([/The key is under the stone/]);
		await expect(list).toContainText(t('pins.by', { name: 'Ana Ruiz' }));
		await expect(hers.message('The key')).toContainText(t('message.pinned'));
		// A member sees them, and cannot change them.
		await expect(his.button('message.unpin', his.panel)).toHaveCount(0);
		await list.getByRole('link', { name: t('pins.jump') }).click();
		await expect(his.page).toHaveURL(/\?message=/);

		await hers.page.goto(`/rooms/${room.id}?panel=pins`);
		await hers.button('message.unpin', hers.panel).click();
		await expect(hers.panel.getByText(t('pins.none'), { exact: true })).toBeVisible();
		await expect(his.message('The key')).not.toContainText(t('message.pinned'));
	},
);

test('who may not pin is not offered it; in a direct room both may', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Garden', [ben]);
	await ana.send(room, 'Hello all');
	const chat = await ana.directChat(ben);
	await ana.send(chat, 'Hello you');
	const his = await open(ben, `/rooms/${room.id}`);
	await expect(his.button('message.copy', await his.menu(his.message('Hello all')))).toBeVisible();
	await expect(his.button('message.pin', his.actions)).toHaveCount(0);
	await his.page.goto(`/rooms/${chat.id}`);
	await his.act(his.message('Hello you'), 'pin');
	await expect(his.message('Hello you')).toContainText(his.t('message.pinned'));
	await his.act(his.message('Hello you'), 'unpin');
	await expect(his.message('Hello you')).not.toContainText(his.t('message.pinned'));
});
