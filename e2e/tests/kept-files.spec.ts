import { chromium } from '../support/chromium.ts';
import { document, picture, type bring } from '../support/files.ts';
import { installed, keptFiles } from '../support/kept.ts';
import { lose, RECONNECTED } from '../support/offline.ts';
import { expect, test } from '../support/test.ts';
import { SERVER_AWAY } from '../support/watch.ts';
import { Window } from '../support/window.ts';

test.use({ serviceWorkers: 'allow', launchOptions: chromium });

/** The files of the composer. */
const tile = (window: Window, name: string) =>
	window.page
		.getByRole('list', { name: window.t('upload.list') })
		.getByRole('listitem')
		.filter({ hasText: name });
const choose = (window: Window, files: Parameters<typeof bring>[3]) =>
	window.page.locator('input[data-files]').setInputFiles(files);

test(
	'files that wait outlive a reload without a server, and are sent once and in order',
	{ tag: '@main' },
	async ({ server, open, person, watch, t }) => {
		watch.allow(SERVER_AWAY);
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		const hers = await open(ana, `/rooms/${room.id}`);
		await expect(hers.composer).toBeVisible();
		await installed(hers);
		await lose(server, [hers], 'SIGKILL');
		await hers.send('First of all');
		await choose(hers, [picture('harbour.png'), document('notes.txt')]);
		await expect(tile(hers, 'notes.txt')).toHaveAttribute('data-status', 'failed');
		await hers.send('From the harbour');
		await hers.send('given up');
		await choose(hers, [document('later.txt'), document('dropped.txt')]);
		await expect(tile(hers, 'dropped.txt')).toHaveAttribute('data-status', 'failed');
		await expect.poll(() => keptFiles(hers)).toHaveLength(4);

		await hers.page.reload();
		await expect(hers.offlineNote).toBeVisible();
		await expect(hers.message('First of all')).toContainText(t('message.waiting'));
		const withFiles = hers.message('From the harbour');
		await expect(withFiles).toHaveAttribute('data-status', 'sending');
		await expect(withFiles.locator('img')).toBeVisible();
		await expect(withFiles.getByText('notes.txt')).toBeVisible();
		await expect(tile(hers, 'later.txt')).toBeVisible();
		await hers.button('message.drop', hers.message('given up')).click();
		await hers.page
			.getByRole('button', { name: t('upload.remove', { name: 'dropped.txt' }) })
			.click();
		await expect.poll(() => keptFiles(hers)).toHaveLength(3);
		await hers.page.reload();
		await expect(withFiles.locator('img')).toBeVisible();
		await expect(tile(hers, 'later.txt')).toBeVisible();
		await expect(tile(hers, 'dropped.txt')).toHaveCount(0);

		await server.start();
		await expect(withFiles).toHaveAttribute('data-status', 'sent', RECONNECTED);
		await expect(tile(hers, 'later.txt')).toHaveAttribute('data-status', 'done', RECONNECTED);
		await expect.poll(() => keptFiles(hers)).toEqual([]);
		await hers.send('Last');
		const his = await open(ben, `/rooms/${room.id}`);
		await expect(his.message('Last').getByText('later.txt')).toBeVisible();
		expect(await his.texts()).toEqual(['First of all', 'From the harbour', 'Last']);
		await expect(his.message('From the harbour').locator('img')).toBeVisible();
		await expect(his.message('From the harbour').getByText('notes.txt')).toBeVisible();
	},
);

test('files that wait go to another tab when theirs is closed, and never twice', async ({
	open,
	person,
	t,
}) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const first = await open(ana, `/rooms/${room.id}`);
	const context = first.page.context();
	await expect(first.composer).toBeVisible();
	let uploads = 0;
	let held = true;
	await context.route('**/api/v1/chat/uploads/', (route) => {
		uploads++;
		if (!held) return route.continue();
	});
	await choose(first, [picture('roses.png')]);
	await first.send('My roses');
	await choose(first, [document('begun.txt')]);
	await expect.poll(() => keptFiles(first)).toHaveLength(2);
	const second = new Window(await context.newPage(), t, first.touch);
	await second.page.goto(`/rooms/${room.id}`);
	await expect(second.message('My roses')).toContainText(t('message.uploading'));
	await expect(tile(second, 'begun.txt')).toHaveCount(0);
	expect(uploads).toBe(2);
	held = false;
	await first.page.close();
	await expect(second.message('My roses')).toHaveAttribute('data-status', 'sent');
	await expect(tile(second, 'begun.txt')).toHaveAttribute('data-status', 'done');
	expect(uploads).toBe(4);
	expect(await ana.messages(room)).toHaveLength(1);
});

test('files that wait are counted before signing out, and nothing of them stays', async ({
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(/ERR_FAILED/);
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	await expect(window.composer).toBeVisible();
	await window.page.route('**/api/v1/chat/uploads/', (route) => route.abort());
	await choose(window, [picture('roses.png')]);
	await expect.poll(() => keptFiles(window)).toHaveLength(1);
	await window.toRooms();
	await window.signOut();
	await expect(window.dialog).toContainText(t('sign_out.unsent'));
	await window.button('auth.sign_out', window.dialog).click();
	await expect(window.button('auth.sign_in')).toBeVisible();
	await expect.poll(() => keptFiles(window)).toEqual([]);
	const keys = await window.page.evaluate(() => Object.keys(localStorage));
	expect(keys.filter((key) => key.includes(ana.id))).toEqual([]);
});
