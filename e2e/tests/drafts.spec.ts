import { expect, test } from '../support/test.ts';

test(
	'what was not sent is there again after a reload',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.group('Garden', [ben]);
		const other = await ana.group('Harbour', [ben]);
		await ben.send(room, 'Shall we **plant** them?');
		await ben.send(other, 'Boats');
		const window = await open(ana, `/rooms/${room.id}`);
		const note = window.page.getByText(t('message.replying', { name: 'Ben Okoye' }));
		const draft = window.roomLine('Garden').getByText(t('rooms.draft', { text: 'Yes, at' }));

		await window.act(window.message('Shall we'), 'reply');
		await window.composer.fill('Yes, at');
		await window.page.reload();
		await expect(window.composer).toHaveValue('Yes, at');
		await expect(note).toBeVisible();
		// Not for the room that is open.
		await expect(draft).toHaveCount(0);
		await window.toRooms();
		await window.openRoom('Harbour');
		await expect(window.composer).toHaveValue('');
		await expect(note).toHaveCount(0);
		await window.toRooms();
		await expect(draft).toBeVisible();

		await window.openRoom('Garden');
		await window.composer.press('End');
		await window.composer.pressSequentially(' noon');
		await window.button('message.send').click();
		const answer = window.message('Yes, at noon');
		await expect(answer.getByRole('blockquote')).toContainText('Shall we plant them?');
		await window.page.reload();
		await expect(answer).toHaveAttribute('data-status', 'sent');
		await expect(window.composer).toHaveValue('');
		await expect(note).toHaveCount(0);
	},
);

test('editing leaves the draft alone', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	await ana.send(room, 'Roses');
	const window = await open(ana, `/rooms/${room.id}`);
	await window.composer.fill('And then');
	await window.act(window.message('Roses'), 'edit');
	await window.composer.fill('Tulips');
	await window.button('action.save').click();
	await expect(window.message('Tulips')).toBeVisible();
	await expect(window.composer).toHaveValue('And then');
});

test('signing out leaves nothing unsent behind', async ({ open, person, watch, t }) => {
	watch.allow(/status of 401 /);
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	await window.composer.fill('Half of a');
	await window.toRooms();
	await expect(window.page.getByText(t('rooms.draft', { text: 'Half of a' }))).toHaveCount(
		window.touch ? 1 : 0,
	);
	await window.signOut();
	await expect(window.button('auth.sign_in')).toBeVisible();
	const kept = await window.page.evaluate(() =>
		Object.keys(localStorage).filter((key) => key.includes('draft')),
	);
	expect(kept).toEqual([]);
});
