import { check } from '../support/axe.ts';
import { picture } from '../support/files.ts';
import { lose, RECONNECTED, unplug } from '../support/offline.ts';
import { expect, test } from '../support/test.ts';
import { refused, SERVER_AWAY } from '../support/watch.ts';
import { Window } from '../support/window.ts';

const OFFLINE = /ERR_INTERNET_DISCONNECTED/;

test(
	'what waits without a connection says so, and can be discarded',
	{ tag: '@main' },
	async ({ open, person, watch, t }) => {
		watch.allow(SERVER_AWAY, OFFLINE);
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		const hers = await open(ana, `/rooms/${room.id}`);
		const his = await open(ben, `/rooms/${room.id}`);
		await hers.send('before');
		await expect(his.message('before')).toBeVisible();
		await unplug(hers);
		for (const text of ['one', 'two', 'three']) await hers.send(text);
		await expect(hers.message('two')).toHaveAttribute('data-status', 'sending');
		await expect(hers.message('two')).toContainText(t('message.waiting'));
		await hers.button('message.drop', hers.message('two')).click();
		await expect(hers.message('two')).toHaveCount(0);
		await hers.page.context().setOffline(false);
		await expect(his.message('three')).toBeVisible(RECONNECTED);
		await expect.poll(() => his.texts()).toEqual(['before', 'one', 'three']);
		await expect(hers.message('three')).not.toContainText(t('message.waiting'));
	},
);

test('uploaded files wait with their message over a reload', async ({
	server,
	open,
	person,
	watch,
}) => {
	watch.allow(SERVER_AWAY);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const hers = await open(ana, `/rooms/${room.id}`);
	await expect(hers.composer).toBeVisible();
	await hers.page.locator('input[data-files]').setInputFiles([picture('harbour.png')]);
	await expect(hers.page.locator('form [data-status="done"]')).toHaveCount(1);
	await lose(server, [hers]);
	await hers.send('From the harbour');
	await expect(hers.message('From the harbour').locator('img')).toBeVisible();
	await hers.page.goto('about:blank');
	await server.start();
	await hers.page.goto(`/rooms/${room.id}`);
	await expect(hers.message('From the harbour')).toHaveAttribute(
		'data-status',
		'sent',
		RECONNECTED,
	);
	await expect(hers.message('From the harbour').locator('img')).toBeVisible();
	const his = await open(ben, `/rooms/${room.id}`);
	await expect(his.message('From the harbour').locator('img')).toBeVisible();
});

test('files that cannot be kept are said, and told when they went with their page', async ({
	open,
	person,
	t,
}) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana);
	const { page } = window;
	await page.addInitScript(() => {
		const { open: real } = IDBFactory.prototype;
		IDBFactory.prototype.open = function (name, ...more) {
			if (name === 'charla-files') throw new Error('no room');
			return real.call(this, name, ...more);
		};
	});
	await page.goto(`/rooms/${room.id}`);
	await expect(window.composer).toBeVisible();
	await page.route('**/api/v1/chat/uploads/', () => undefined);
	await page.locator('input[data-files]').setInputFiles([picture('roses.png')]);
	await expect(page.getByText(t('upload.unkept'))).toBeVisible();
	await window.send('My roses');
	const message = window.message('My roses');
	await expect(message).toContainText(t('message.unkept'));
	await page.reload();
	await expect(message).toHaveAttribute('data-status', 'failed');
	await window.toRooms();
	await expect(window.roomLine('Garden')).toContainText(t('message.status.failed'));
	await window.openRoom('Garden');
	await expect(message.getByRole('alert')).toHaveText(t('upload.lost', { names: 'roses.png' }));
	await window.button('action.retry', message).click();
	await expect(message).toHaveAttribute('data-status', 'sent');
	await expect(message.getByText('roses.png')).toHaveCount(0);
	await window.toRooms();
	await expect(window.roomLine('Garden')).not.toContainText(t('message.status.failed'));
});

test('where tabs cannot agree no file is kept, which is said', async ({
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(/ERR_FAILED/);
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana);
	const { page } = window;
	// As on plain HTTP.
	await page.addInitScript(() =>
		Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined }),
	);
	await page.route('**/api/v1/chat/uploads/', (route) => route.abort());
	await page.goto(`/rooms/${room.id}`);
	await page.locator('input[data-files]').setInputFiles([picture('roses.png')]);
	await expect(page.getByText(t('upload.failed'))).toBeVisible();
	await expect(page.getByText(t('upload.unkept'))).toBeVisible();
	await page.unroute('**/api/v1/chat/uploads/');
	await page.getByRole('button', { name: t('upload.retry', { name: 'roses.png' }) }).click();
	await expect(page.locator('form [data-status="done"]')).toHaveCount(1);
	await expect(page.getByText(t('upload.unkept'))).toHaveCount(0);
});

test('what is refused for good says why, and its text can be copied', async ({
	server,
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(SERVER_AWAY);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const closed = await ben.group('Garden', [ana]);
	await ana.directChat(ben);
	// The code of both pages is there by the time that the server is not.
	const window = await open(ana);
	await window.openRoom('Ben Okoye');
	await expect(window.composer).toBeVisible();
	await lose(server, [window]);
	await window.send('To the blocked');
	await window.toRooms();
	await expect(window.roomLine('Ben Okoye')).toContainText(t('message.status.sending'));
	await window.openRoom('Garden');
	await window.send('Too late');
	await window.page.goto('about:blank');
	await server.start();
	await ben.call('POST', '/api/v1/blocks/', { user_id: ana.id });
	await ben.call('DELETE', `/api/v1/chat/rooms/${closed.id}/`);
	await window.page.goto(`/rooms/${closed.id}`);
	const late = window.message('Too late');
	await expect(late).toHaveAttribute('data-status', 'failed', RECONNECTED);
	await expect(late.getByRole('alert')).not.toBeEmpty();
	await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
	await window.button('message.copy', late).click();
	await expect(window.page.getByText(t('message.copied'))).toBeVisible();
	expect(await window.page.evaluate(() => navigator.clipboard.readText())).toBe('Too late');
	await window.toRooms();
	await expect(window.roomLine('Ben Okoye')).toContainText(t('message.status.failed'));
	await window.openRoom('Ben Okoye');
	const blocked = window.message('To the blocked');
	await expect(blocked.getByRole('alert')).not.toBeEmpty();
	await window.button('message.drop', blocked).click();
	await expect(blocked).toHaveCount(0);
	await window.toRooms();
	await expect(window.roomLine('Ben Okoye')).not.toContainText(t('message.status.failed'));
	await window.openRoom('Garden');
	await expect(late).toHaveAttribute('data-status', 'failed');
});

test('who was removed from a room can still copy what they wrote there', async ({
	server,
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(SERVER_AWAY, refused(404));
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ben.group('Garden', [ana]);
	const window = await open(ana, `/rooms/${room.id}`);
	await expect(window.composer).toBeVisible();
	await lose(server, [window]);
	await window.send('A long text');
	await window.page.goto('about:blank');
	await server.start();
	await ben.call('DELETE', `/api/v1/chat/rooms/${room.id}/members/${ana.id}/`);
	await window.page.goto('/');
	await window.button('message.left_room.show').click(RECONNECTED);
	const text = window.page.getByRole('listitem').filter({ hasText: 'A long text' });
	await expect(text).toBeVisible();
	await check(window, 'texts of a room that is gone');
	await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
	await window.button('message.copy', text).click();
	await expect(window.page.getByText(t('message.copied'))).toBeVisible();
	await window.page.reload();
	await window.button('message.drop', text).click();
	await expect(text).toHaveCount(0);
	await expect(window.page.getByText(t('message.left_room'))).toHaveCount(0);
});

test('what may have arrived says so, and comes back where it has', async ({
	server,
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(SERVER_AWAY);
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana);
	let deaf = true;
	await window.page.routeWebSocket(/\/ws\//, (socket) => {
		const far = socket.connectToServer();
		far.onMessage((frame) => {
			const { type } = JSON.parse(String(frame)) as { type: string };
			if (!deaf || !['ack', 'message'].includes(type)) socket.send(frame);
		});
	});
	await window.page.goto(`/rooms/${room.id}`);
	await window.send('Did you get this?');
	await expect.poll(async () => (await ana.messages(room)).length).toBe(1);
	await server.stop('SIGTERM');
	const message = window.message('Did you get this?');
	await expect(message).toContainText(t('message.maybe'));
	await window.send('Only here');
	await expect(window.message('Only here')).toContainText(t('message.waiting'));
	await window.button('message.drop', message).click();
	await expect(message).toHaveCount(0);
	await expect(window.page.getByText(t('message.maybe.dropped'))).toBeVisible();
	deaf = false;
	await server.start();
	await expect(message).toHaveAttribute('data-status', 'sent', RECONNECTED);
	await expect(window.message('Only here')).toHaveAttribute('data-status', 'sent', RECONNECTED);
	await expect.poll(() => window.texts()).toEqual(['Did you get this?', 'Only here']);
});

test('two tabs show the same, and one of them sends', async ({ open, person, watch, t }) => {
	watch.allow(SERVER_AWAY, OFFLINE);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const first = await open(ana, `/rooms/${room.id}`);
	const context = first.page.context();
	const second = new Window(await context.newPage(), t, first.touch);
	await second.page.goto(`/rooms/${room.id}`);
	const his = await open(ben, `/rooms/${room.id}`);
	await second.send('from the second');
	for (const window of [first, second, his]) {
		await expect(window.message('from the second')).toBeVisible();
	}
	await unplug(second, first);
	await second.send('kept');
	await second.send('given up');
	await expect(first.message('given up')).toHaveAttribute('data-status', 'sending');
	await first.button('message.drop', first.message('given up')).click();
	await expect(second.message('given up')).toHaveCount(0);
	await context.setOffline(false);
	await expect(his.message('kept')).toBeVisible(RECONNECTED);
	for (const window of [first, second, his]) {
		await expect.poll(() => window.texts(), RECONNECTED).toEqual(['from the second', 'kept']);
	}
	// The one that sent is gone: the other does it.
	await first.page.close();
	await second.send('after');
	await expect(his.message('after')).toBeVisible(RECONNECTED);
	expect((await ben.messages(room)).map(({ content }) => content)).toEqual([
		'from the second',
		'kept',
		'after',
	]);
});

test('who is slowed down is told, and everything goes out afterwards', async ({
	open,
	person,
	t,
}) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const hers = await open(ana);
	let refusals = 0;
	await hers.page.routeWebSocket(/\/ws\//, (socket) => {
		const server = socket.connectToServer();
		socket.onMessage((frame) => {
			const { action, client_id } = JSON.parse(String(frame)) as Record<string, string>;
			if (action !== 'send_message' || refusals > 0) return server.send(frame);
			refusals++;
			const data = { action, client_id, code: 'too_many_requests', detail: '', retry_after: 3 };
			socket.send(JSON.stringify({ type: 'error', data }));
		});
	});
	await hers.page.goto(`/rooms/${room.id}`);
	await hers.send('one');
	await hers.send('two');
	await expect(hers.message('one')).toContainText(t('message.slowed'));
	await expect(hers.message('two')).toHaveAttribute('data-status', 'sent');
	await expect(hers.message('one')).not.toContainText(t('message.slowed'));
	expect(refusals).toBe(1);
	await expect.poll(() => hers.texts()).toEqual(['one', 'two']);
});

test(
	'where the browser keeps nothing more, nothing is taken back, and it is said',
	{ tag: '@main' },
	async ({ open, person, watch, t }) => {
		watch.allow(OFFLINE);
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		const hers = await open(ana, `/rooms/${room.id}`);
		const his = await open(ben, `/rooms/${room.id}`);
		const { page, composer } = hers;
		const note = page.getByText(t('message.full'));
		const saved = () => page.waitForResponse((answer) => answer.request().method() === 'PUT');
		await composer.fill('To');
		await expect(note).toHaveCount(0);
		await page.evaluate(() => {
			for (let size = 2 ** 22; size >= 1; size /= 2) {
				for (const key of ['a', 'b', 'c']) {
					try {
						localStorage.setItem(`full.${key}.${size}`, 'x'.repeat(size));
					} catch {
						break;
					}
				}
			}
		});
		const told = saved();
		const text = 'To the lighthouse, as long as it is light enough to see the way';
		await composer.fill(text);
		await expect(note).toBeVisible();
		await check(hers, 'a browser without room');
		await told;
		await expect(composer).toHaveValue(text);
		await composer.press('End');
		await composer.pressSequentially(' home');
		await hers
			.button('action.close', page.getByRole('status').filter({ has: note }).locator('..'))
			.click();
		await expect(note).toHaveCount(0);
		await expect(composer).toHaveValue(`${text} home`);
		await hers.button('message.send').click();
		await expect(his.message(`${text} home`)).toBeVisible();
		await expect(composer).toHaveValue('');
		await hers.send('Once more');
		await expect(his.message('Once more')).toBeVisible();
		await expect(note).toHaveCount(0);
		expect(await his.texts()).toEqual([`${text} home`, 'Once more']);

		// Who closes the page is asked, as long as something is there alone.
		await unplug(hers);
		await hers.send('Not yet');
		const asked = page.waitForEvent('dialog');
		await page.close({ runBeforeUnload: true });
		const dialog = await asked;
		expect(dialog.type()).toBe('beforeunload');
		await dialog.dismiss();
		await page.context().setOffline(false);
		await expect(his.message('Not yet')).toBeVisible(RECONNECTED);
	},
);
