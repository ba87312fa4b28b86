import type { Account } from '../support/account.ts';
import { lose, RECONNECTED, unplug } from '../support/offline.ts';
import type { Server } from '../support/server.ts';
import { expect, test } from '../support/test.ts';
import { SERVER_AWAY } from '../support/watch.ts';
import type { Window } from '../support/window.ts';

async function showsExactly(window: Window, texts: string[]): Promise<void> {
	await expect(window.message(texts.at(-1) ?? '')).toBeVisible(RECONNECTED);
	await expect.poll(() => window.texts(), RECONNECTED).toEqual(texts);
}

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
	test(
		`${signal}: nothing is missing after a restart`,
		{ tag: '@main' },
		async ({ server, open, person, watch }) => {
			watch.allow(SERVER_AWAY);
			const ana = await person('Ana Ruiz');
			const ben = await person('Ben Okoye');
			const carla = await person('Carla');
			const room = await ana.group('Harbour', [ben, carla]);
			const hers = await open(ana, `/rooms/${room.id}`);
			const his = await open(ben, `/rooms/${room.id}`);
			await hers.send('before');
			await expect(his.message('before')).toBeVisible();

			await lose(server, [hers, his], signal);
			const written = ['first', 'second', 'third'];
			for (const text of written) await hers.send(`Ana’s ${text}`);
			for (const text of written) await his.send(`Ben’s ${text}`);
			for (const text of written) {
				await expect(hers.message(`Ana’s ${text}`)).toHaveAttribute('data-status', 'sending');
				await expect(his.message(`Ben’s ${text}`)).toHaveAttribute('data-status', 'sending');
			}

			await server.start();
			// Somebody else may be faster than both.
			await carla.send(room, 'in between');
			for (const text of written) {
				await expect(hers.message(`Ben’s ${text}`)).toBeVisible(RECONNECTED);
				await expect(his.message(`Ana’s ${text}`)).toBeVisible(RECONNECTED);
			}
			await expect(hers.message('in between')).toBeVisible();
			await expect(hers.offlineNote).toHaveCount(0);

			// Each exactly once, each author's own in the order of writing, the same in both windows and in the database.
			const stored = (await ana.messages(room)).map(({ content }) => content).filter(Boolean);
			const said = stored.filter((text) => /^(before|in between|Ana|Ben)/.test(text));
			expect(said.filter((text) => text.startsWith('Ana’s'))).toEqual(
				written.map((w) => `Ana’s ${w}`),
			);
			expect(said.filter((text) => text.startsWith('Ben’s'))).toEqual(
				written.map((w) => `Ben’s ${w}`),
			);
			expect(said).toHaveLength(8);
			await showsExactly(hers, said);
			await showsExactly(his, said);
			await hers.send('and on it goes');
			await expect(his.message('and on it goes')).toBeVisible();
			await expect(hers.message('and on it goes')).toHaveAttribute('data-status', 'read');
		},
	);
}

test(
	'what was written while the server was away survives a reload',
	{ tag: '@main' },
	async ({ server, open, person, watch }) => {
		watch.allow(SERVER_AWAY);
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		await ana.send(room, 'before');
		const hers = await open(ana, `/rooms/${room.id}`);
		const his = await open(ben, `/rooms/${room.id}`);
		await expect(hers.message('before')).toBeVisible();
		await expect(his.message('before')).toBeVisible();

		await lose(server, [hers], 'SIGKILL');
		const written = ['first', 'second', 'third', 'fourth'];
		for (const text of written) await hers.send(text);
		await expect(hers.message('fourth')).toHaveAttribute('data-status', 'sending');

		// The server comes back, but this window is gone before it has noticed.
		await hers.page.goto('about:blank');
		await server.start();
		await hers.page.goto(`/rooms/${room.id}`);
		await showsExactly(hers, ['before', ...written]);
		await showsExactly(his, ['before', ...written]);
		await expect(hers.message('fourth')).toHaveAttribute('data-status', 'read');
		expect((await ana.messages(room)).map(({ content }) => content)).toEqual([
			'before',
			...written,
		]);
		await hers.page.reload();
		await showsExactly(hers, ['before', ...written]);
	},
);

test('a room opened while the server is away comes in when it is back', async ({
	server,
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(SERVER_AWAY);
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Harbour');
	await ana.send(room, 'still here');
	const other = await ana.group('Quay');
	const window = await open(ana, `/rooms/${other.id}`);
	await expect(window.composer).toBeVisible();
	await window.toRooms();
	await expect(window.roomLine('Harbour')).toBeVisible();
	await server.stop('SIGTERM');
	// The page is in the browser; only the server does not answer.
	await window.openRoom('Harbour');
	await expect(window.page.getByText(t('timeline.loading'))).toBeVisible();
	await server.start();
	await expect(window.message('still here')).toBeVisible(RECONNECTED);
});

test('what the server refuses is shown as not sent, and can be discarded', async ({
	server,
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(SERVER_AWAY, /ERR_INTERNET_DISCONNECTED/);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Harbour', [ben]);
	const his = await open(ben, `/rooms/${room.id}`);
	await expect(his.composer).toBeVisible();
	await lose(server, [his]);
	await his.send('Too late');
	// The room is closed before his window is back.
	await his.page.context().setOffline(true);
	await server.start();
	await ana.call('DELETE', `/api/v1/chat/rooms/${room.id}/`);
	await his.page.context().setOffline(false);
	await expect(his.message('Too late')).toHaveAttribute('data-status', 'failed', RECONNECTED);
	await expect(his.message('Too late').getByRole('alert')).not.toBeEmpty();
	await expect(his.page.getByText(t('room.closed'))).toBeVisible();
	await his.button('message.drop').click();
	await expect(his.message('Too late')).toHaveCount(0);
	await his.page.reload();
	await expect(his.page.getByText(t('room.closed'))).toBeVisible();
	await expect(his.message('Too late')).toHaveCount(0);
});

test('what has changed before the first socket stands is not missed', async ({
	open,
	person,
	t,
}) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Harbour', [ben]);
	const his = await open(ben, 'about:blank');
	let closed = false;
	await his.page.routeWebSocket('**/ws/', (socket) => {
		if (closed) socket.connectToServer();
		else void socket.close();
	});
	await his.page.goto(`/rooms/${room.id}`);
	await expect(his.composer).toBeVisible();
	await ana.call('DELETE', `/api/v1/chat/rooms/${room.id}/`);
	closed = true;
	await expect(his.page.getByText(t('room.closed'))).toBeVisible();
});

/** Two people who have written to each other; a backup has that, and the server has gone on from there. */
async function backUp(server: Server, person: (name: string) => Promise<Account>) {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const other = await ana.group('Harbour', [ben]);
	await ana.send(room, 'In the backup');
	await server.stop('SIGTERM');
	server.backUp();
	await server.start();
	return { ana, ben, room, other };
}

test('with a database from a backup, windows show what that has, and go on from there', async ({
	server,
	open,
	person,
	watch,
}) => {
	watch.allow(SERVER_AWAY);
	const { ana, ben, room, other } = await backUp(server, person);
	const hers = await open(ana, `/rooms/${room.id}`);
	const his = await open(ben, `/rooms/${room.id}`);
	const texts = ['In the backup', 'Lost one', 'Lost two', 'Lost three'];
	for (const text of texts.slice(1)) await hers.send(text);
	await ana.send(other, 'Lost as well');
	await showsExactly(his, texts);
	await expect(hers.message('Lost three')).toHaveAttribute('data-status', 'read');

	await lose(server, [hers, his]);
	server.restore();
	await server.start();
	for (const window of [hers, his]) await showsExactly(window, ['In the backup']);
	await hers.send('Once more');
	await expect(his.message('Once more')).toBeVisible();
	await expect(hers.message('Once more')).toHaveAttribute('data-status', 'read');
	await showsExactly(hers, ['In the backup', 'Once more']);
	await his.toRooms();
	await expect(his.roomLine('Ana Ruiz')).toContainText('Once more');
	await expect(his.unreadOf('Ana Ruiz')).toHaveCount(0);
	await expect(his.roomLine('Harbour')).not.toContainText('Lost as well');
	await ana.send(other, 'New in the harbour');
	await expect(his.unreadOf('Harbour')).toHaveAttribute('data-unread', '1');

	// What the device has kept of it is gone as well.
	await hers.page.reload();
	await showsExactly(hers, ['In the backup', 'Once more']);
});

test('with a database from a backup that has gone on since, the same', async ({
	server,
	open,
	person,
	watch,
}) => {
	watch.allow(SERVER_AWAY, /ERR_INTERNET_DISCONNECTED/);
	const { ana, ben, room } = await backUp(server, person);
	const hers = await open(ana, `/rooms/${room.id}`);
	await hers.send('Lost one');
	await hers.send('Lost two');
	await expect(hers.message('Lost two')).toHaveAttribute('data-status', 'sent');

	await unplug(hers);
	await server.stop('SIGTERM');
	server.restore();
	await server.start();
	const texts = ['New one', 'New two', 'New three', 'New four'];
	for (const text of texts) await ben.send(room, text);
	await hers.page.context().setOffline(false);
	await showsExactly(hers, ['In the backup', ...texts]);
	await hers.send('And on');
	await showsExactly(hers, ['In the backup', ...texts, 'And on']);
});
