import type { Route } from '@playwright/test';
import { bring, document, picture } from '../support/files.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';
import type { Window } from '../support/window.ts';

const UPLOADS = '**/api/v1/chat/uploads/';

const tiles = (window: Window) =>
	window.page.getByRole('list', { name: window.t('upload.list') }).getByRole('listitem');

const tile = (window: Window, name: string) => tiles(window).filter({ hasText: name });

const choose = (window: Window, files: Parameters<typeof bring>[3]) =>
	window.page.locator('input[data-files]').setInputFiles(files);

test(
	'pictures and files go out with a text, and arrive',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		const hers = await open(ana, `/rooms/${room.id}`);
		const his = await open(ben, `/rooms/${room.id}`);
		await expect(hers.composer).toBeVisible();
		await choose(hers, [picture('harbour.png'), document('notes.txt')]);
		await expect(tiles(hers)).toHaveCount(2);
		await expect(tile(hers, 'harbour.png')).toHaveAttribute('data-status', 'done');
		await expect(tile(hers, 'notes.txt')).toHaveAttribute('data-status', 'done');
		await hers.send('From the harbour');
		await expect(tiles(hers)).toHaveCount(0);
		for (const window of [hers, his]) {
			const message = window.message('From the harbour');
			await expect(
				message.getByRole('button', { name: t('message.picture_named', { name: 'harbour.png' }) }),
			).toBeVisible();
			await expect(message.getByText('notes.txt')).toBeVisible();
		}
		await expect(hers.message('From the harbour')).toHaveAttribute('data-status', 'read');
	},
);

test('a picture goes out without a word', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const hers = await open(ana, `/rooms/${room.id}`);
	const his = await open(ben, `/rooms/${room.id}`);
	await expect(hers.button('message.send')).toBeDisabled();
	await choose(hers, [picture('harbour.png')]);
	await hers.button('message.send').click();
	await expect(
		his.timeline.getByRole('button', { name: t('message.picture_named', { name: 'harbour.png' }) }),
	).toBeVisible();
});

test('files are dropped and pasted', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	const { page } = window;
	await expect(page.getByText(t('timeline.empty'))).toBeVisible();
	await bring(page, window.timeline, ['dragenter'], [picture('one.png')]);
	await expect(page.getByText(t('upload.drop'))).toBeVisible();
	await bring(page, window.timeline, ['drop'], [picture('one.png'), document('two.txt')]);
	await expect(page.getByText(t('upload.drop'))).toHaveCount(0);
	await bring(page, window.composer, ['paste'], [picture('three.png')]);
	await expect(tiles(window)).toHaveCount(3);
	for (const name of ['one.png', 'two.txt', 'three.png']) {
		await expect(tile(window, name)).toHaveAttribute('data-status', 'done');
	}
	await page.getByRole('button', { name: t('upload.remove', { name: 'two.txt' }) }).click();
	await expect(tiles(window)).toHaveCount(2);
	await expect(window.composer).toBeFocused();
	await window.send('Two of three');
	const sent = window.message('Two of three');
	await expect(sent.locator('img')).toHaveCount(2);

	// Of what was sent, the words alone can be changed.
	await expect(sent).toHaveAttribute('data-status', /sent|read/);
	await window.act(sent, 'edit');
	await bring(page, window.composer, ['paste'], [picture('four.png')]);
	await expect(page.getByRole('alert')).toHaveText(t('upload.editing'));
	await window.composer.press('Escape');
	await expect(page.getByRole('alert')).toHaveCount(0);
	await expect(tiles(window)).toHaveCount(0);
});

test('on a phone there are files and the camera to choose from', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	const chooser = window.page.waitForEvent('filechooser');
	await window.button(window.touch ? 'composer.more' : 'upload.add').click();
	if (window.touch) {
		const camera = window.page.locator('input[data-camera]');
		await expect(camera).toHaveAttribute('capture', 'environment');
		await window.page.getByRole('menuitem').first().click();
	}
	expect((await chooser).isMultiple()).toBe(true);
	await (await chooser).setFiles([picture('one.png')]);
	await expect(tile(window, 'one.png')).toHaveAttribute('data-status', 'done');
});

test('what cannot be taken is said, and the others go on', async ({ open, person, watch, t }) => {
	// More than the server takes is much to hand over.
	test.slow();
	watch.allow(refused(400));
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	const broken = { ...picture('broken.png'), buffer: picture('').buffer.subarray(0, 60) };
	await expect(window.composer).toBeVisible();
	let sent = 0;
	window.page.on('request', (request) => {
		if (request.url().endsWith('/chat/uploads/')) sent++;
	});
	await choose(window, [
		document('huge.bin', 26 * 1024 * 1024),
		broken,
		document('empty.txt', 0),
		document('good.txt'),
	]);
	await expect(tile(window, 'good.txt')).toHaveAttribute('data-status', 'done');
	await expect(tile(window, 'huge.bin').getByRole('alert')).toHaveText(
		t('upload.too_large', { limit: `${window.touch ? '26,2' : '26.2'} MB` }),
	);
	await expect(tile(window, 'broken.png')).toHaveAttribute('data-status', 'refused');
	await expect(tile(window, 'empty.txt').getByRole('alert')).toHaveText(t('upload.empty'));
	expect(sent, 'neither what is empty nor what is too large').toBe(2);
	await window.send('Only one');
	await expect(window.message('Only one').getByText('good.txt')).toBeVisible();
	await expect(window.message('Only one')).toHaveAttribute('data-status', 'sent');
	await expect(tiles(window)).toHaveCount(3);
	await expect(tile(window, 'empty.txt').getByRole('alert')).toHaveText(t('upload.empty'));
	await window.page
		.getByRole('button', { name: t('upload.remove', { name: 'empty.txt' }) })
		.click();
	await expect(tiles(window)).toHaveCount(2);
});

test('a message takes ten files', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	await expect(window.composer).toBeVisible();
	await choose(
		window,
		Array.from({ length: 12 }, (_, index) => document(`file${index}.txt`)),
	);
	await expect(tiles(window)).toHaveCount(10);
	await expect(window.page.locator('form .alert')).toContainText('10');
	await expect(window.page.locator('form [data-status="done"]')).toHaveCount(10);
	await window.send('All ten');
	await expect(window.message('All ten').getByRole('link')).toHaveCount(10);
});

test('what breaks off is tried again, by hand or by itself', async ({ open, person, watch, t }) => {
	watch.allow(/ERR_(FAILED|INTERNET_DISCONNECTED)/);
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	await expect(window.composer).toBeVisible();
	await window.page.route(UPLOADS, (route) => route.abort(), { times: 1 });
	await choose(window, [document('notes.txt')]);
	await expect(tile(window, 'notes.txt')).toContainText(t('upload.failed'));
	await window.page.getByRole('button', { name: t('upload.retry', { name: 'notes.txt' }) }).click();
	await expect(tile(window, 'notes.txt')).toHaveAttribute('data-status', 'done');
	await window.page.route(UPLOADS, (route) => route.abort(), { times: 1 });
	await choose(window, [document('more.txt')]);
	await expect(tile(window, 'more.txt')).toHaveAttribute('data-status', 'failed');
	await expect(tile(window, 'more.txt')).toHaveAttribute('data-status', 'done');
});

test(
	'sending waits for what is being uploaded, and keeps the order',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		const hers = await open(ana, `/rooms/${room.id}`);
		const his = await open(ben, `/rooms/${room.id}`);
		await expect(hers.composer).toBeVisible();
		let held: Route | undefined;
		await hers.page.route(UPLOADS, (route) => void (held = route));
		await choose(hers, [picture('harbour.png')]);
		await expect(tile(hers, 'harbour.png').getByRole('progressbar')).toBeVisible();
		await hers.send('Look at this');
		await hers.send('and answer');
		await expect(hers.message('Look at this')).toContainText(t('message.uploading'));
		await expect(hers.message('Look at this').locator('img')).toBeVisible();
		await expect(hers.message('and answer')).toHaveAttribute('data-status', 'sending');
		await expect.poll(() => held !== undefined).toBe(true);
		await held?.continue();
		await expect(his.message('and answer')).toBeVisible();
		await expect.poll(() => his.texts()).toEqual(['Look at this', 'and answer']);
		await expect(his.message('Look at this').locator('img')).toBeVisible();
		await expect.poll(() => hers.texts()).toEqual(['Look at this', 'and answer']);
	},
);

test('an upload is cancelled', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	await expect(window.composer).toBeVisible();
	await window.page.route(UPLOADS, () => undefined);
	await choose(window, [document('notes.txt')]);
	const broken = window.page.waitForEvent('requestfailed');
	await window.page
		.getByRole('button', { name: t('upload.cancel', { name: 'notes.txt' }) })
		.click();
	await broken;
	await expect(tiles(window)).toHaveCount(0);
	await expect(window.button('message.send')).toBeDisabled();
});

test('what is uploaded waits over a reload, and in its own room', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	await ana.group('Harbour');
	const window = await open(ana, `/rooms/${room.id}`);
	await expect(window.composer).toBeVisible();
	await choose(window, [picture('roses.png')]);
	await expect(tile(window, 'roses.png')).toHaveAttribute('data-status', 'done');
	await window.toRooms();
	await window.openRoom('Harbour');
	await expect(tiles(window)).toHaveCount(0);
	await window.toRooms();
	await window.openRoom('Garden');
	await expect(tile(window, 'roses.png')).toBeVisible();
	await window.page.reload();
	await expect(tile(window, 'roses.png')).toHaveAttribute('data-status', 'done');
	await window.send('Roses');
	await expect(window.message('Roses').locator('img')).toBeVisible();
	await window.page.reload();
	await expect(window.message('Roses').locator('img')).toBeVisible();
	await expect(tiles(window)).toHaveCount(0);
});
