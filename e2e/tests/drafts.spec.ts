import { unplug } from '../support/offline.ts';
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

test('a draft is the same on every device', { tag: '@main' }, async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Garden', [ben]);
	await ana.group('Harbour', [ben]);
	await ben.send(room, 'Shall we plant them?');
	const here = await open(ana, `/rooms/${room.id}`);
	const there = await open(await ana.again(), `/rooms/${room.id}`);
	const note = (window: typeof here) =>
		window.page.getByText(t('message.replying', { name: 'Ben Okoye' }));
	await expect(there.message('Shall we')).toBeVisible();
	await here.act(here.message('Shall we'), 'reply');
	await here.composer.pressSequentially('Yes, ');
	await expect(there.composer).toHaveValue(/Yes,/);
	await expect(note(there)).toBeVisible();
	// What comes back from the server takes nothing from what is written.
	await expect(here.composer).toHaveValue('Yes, ');
	await there.composer.press('End');
	await there.composer.pressSequentially(' tomorrow');
	await expect(here.composer).toHaveValue(/tomorrow/);
	await here.toRooms();
	await here.openRoom('Harbour');
	await there.button('message.send').click();
	await expect(there.composer).toHaveValue('');
	await expect(there.message('Yes,').getByRole('blockquote')).toContainText('Shall we');
	await here.toRooms();
	await expect(here.roomLine('Garden').locator('.draft')).toHaveCount(0);
	await here.openRoom('Garden');
	await expect(here.composer).toHaveValue('');
	await expect(note(here)).toHaveCount(0);
});

test('a draft written elsewhere is in the list of rooms', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana);
	await expect(window.roomLine('Garden')).toBeVisible();
	await ana.call('PUT', `/api/v1/chat/rooms/${room.id}/draft/`, { content: 'Roses and' });
	await expect(
		window.roomLine('Garden').getByText(t('rooms.draft', { text: 'Roses and' })),
	).toBeVisible();
	await window.openRoom('Garden');
	await expect(window.composer).toHaveValue('Roses and');
	await window.page.reload();
	await expect(window.composer).toHaveValue('Roses and');
});

test('a draft written without a connection is told later', async ({ open, person, watch }) => {
	watch.allow(/ERR_INTERNET_DISCONNECTED|WebSocket connection/);
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const here = await open(ana, `/rooms/${room.id}`);
	const there = await open(await ana.again(), `/rooms/${room.id}`);
	await expect(there.composer).toBeVisible();
	await unplug(here);
	await here.composer.fill('Far from');
	await here.page.context().setOffline(false);
	await expect(there.composer).toHaveValue('Far from', { timeout: 30_000 });
	await expect(here.composer).toHaveValue('Far from');
});
