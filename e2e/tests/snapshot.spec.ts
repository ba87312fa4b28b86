import { PASSWORD } from '../support/account.ts';
import { fill } from '../support/crowd.ts';
import { kept } from '../support/kept.ts';
import { expect, test } from '../support/test.ts';
import { SERVER_AWAY } from '../support/watch.ts';
import type { Window } from '../support/window.ts';

/** The API does not answer until the function given back is called. */
async function holdApi({ page }: Window): Promise<() => void> {
	let release = () => undefined as void;
	const held = new Promise<void>((go) => (release = go));
	await page.route('**/api/v1/**', async (route) => {
		await held;
		await route.continue();
	});
	await page.routeWebSocket('**/ws/', async (socket) => {
		await held;
		socket.connectToServer();
	});
	return release;
}

test(
	'a window shows at once what this device has kept, and then what has changed',
	{ tag: '@main' },
	async ({ open, person }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		await ben.send(room, 'Stays');
		const edited = await ben.send(room, 'Before the edit');
		const deleted = await ben.send(room, 'Taken back');
		const window = await open(ana, `/rooms/${room.id}`);
		await expect(window.message('Taken back')).toBeVisible();
		await expect.poll(() => kept(window)).toContain('Taken back');

		await window.page.goto('about:blank');
		await ben.call('PATCH', `/api/v1/chat/messages/${edited.id}/`, { content: 'After the edit' });
		await ben.call('DELETE', `/api/v1/chat/messages/${deleted.id}/`);
		await ben.send(room, 'While you were away');
		const release = await holdApi(window);
		await window.page.goto(`/rooms/${room.id}`);
		await expect(window.message('Stays')).toBeVisible();
		await expect(window.message('Before the edit')).toBeVisible();
		await expect(window.heading('Ben Okoye')).toBeVisible();
		release();
		await expect(window.message('While you were away')).toBeVisible();
		await expect(window.message('After the edit')).toBeVisible();
		await expect(window.message('Taken back')).toHaveCount(0);
		await expect(window.message('Stays')).toHaveCount(1);
		// The text that is gone is gone from here, too.
		await expect.poll(() => kept(window)).not.toContain('Taken back');
	},
);

test('what was unread meanwhile begins with a line', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await fill([ben], room, 60, 'Old');
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
	await ben.send(room, 'The last one read');
	const window = await open(ana, `/rooms/${room.id}`);
	await expect(window.message('The last one read')).toBeInViewport();
	await expect.poll(() => kept(window)).toContain('The last one read');
	await window.page.goto('about:blank');
	await ben.send(room, 'The first unread');
	await fill([ben], room, 40, 'New');
	await window.page.goto(`/rooms/${room.id}`);
	await expect(window.message('The first unread')).toBeInViewport();
	await expect(
		window.page.getByRole('heading', { name: t('timeline.new'), exact: true }),
	).toBeInViewport();
	await expect(window.message('The last one read')).toBeInViewport();
});

test('what was cleared meanwhile does not come back', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await ben.send(room, 'Secret');
	const window = await open(ana, `/rooms/${room.id}`);
	await expect(window.message('Secret')).toBeVisible();
	await expect.poll(() => kept(window)).toContain('Secret');
	await window.page.goto('about:blank');
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/clear_history/`);
	await ben.send(room, 'Harmless');
	await window.page.goto(`/rooms/${room.id}`);
	await expect(window.message('Harmless')).toBeVisible();
	await expect(window.message('Secret')).toHaveCount(0);
	await expect.poll(() => kept(window)).not.toContain('Secret');
});

test('what was read meanwhile shows as read', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const window = await open(ana, `/rooms/${room.id}`);
	await window.send('Have you seen this?');
	await expect(window.message('Have you seen this?')).toHaveAttribute('data-status', 'sent');
	await expect.poll(() => kept(window)).toContain('Have you seen this?');
	await window.page.goto('about:blank');
	await ben.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
	await window.page.goto(`/rooms/${room.id}`);
	await expect(window.message('Have you seen this?')).toHaveAttribute('data-status', 'read');
});

test('without a server there is what was kept to read, and to answer', async ({
	open,
	person,
	watch,
}) => {
	watch.allow(SERVER_AWAY, /net::ERR_FAILED/);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await ben.send(room, 'See you there');
	const window = await open(ana, `/rooms/${room.id}`);
	await expect(window.message('See you there')).toBeVisible();
	await expect.poll(() => kept(window)).toContain('See you there');
	await window.page.route('**/api/v1/**', (route) => route.abort());
	await window.page.routeWebSocket('**/ws/', (socket) => socket.close());
	await window.page.reload();
	await expect(window.message('See you there')).toBeVisible();
	await window.send('On my way');
	await expect(window.message('On my way')).toHaveAttribute('data-status', 'sending');
	expect((await ana.messages(room)).length).toBe(1);
});

test('who signs out leaves nothing behind', { tag: '@desktop' }, async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await ben.send(room, 'For your eyes only');
	const window = await open(null, '/sign-in');
	await window.signIn('anaruiz', PASSWORD);
	await window.openRoom('Ben Okoye');
	await expect(window.message('For your eyes only')).toBeVisible();
	await expect.poll(() => kept(window)).toContain('For your eyes only');
	await window.composer.fill('Half of a');
	const message = window.message('For your eyes only');
	await window.point(message);
	await window.button('thread.open', message).click();
	await window.panel.getByRole('textbox').fill('Half of an answer');
	await window.page.evaluate(() => localStorage.setItem('charla.emoji.recent', '["🙏"]'));
	await window.signOut();
	// What stands in the thread is nowhere else.
	await expect(window.dialog).toContainText(window.t('sign_out.unsent'));
	await window.button('auth.sign_out', window.dialog).click();
	await expect(window.button('auth.sign_in')).toBeVisible();
	await expect.poll(() => kept(window)).toBe('[[],[]]');
	const keys = await window.page.evaluate(() => Object.keys(localStorage));
	expect(keys.filter((key) => !/^charla\.(theme|density|language)$/.test(key))).toEqual([]);
});
