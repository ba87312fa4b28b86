import type { Locator } from '@playwright/test';
import type { Account, Room } from '../support/account.ts';
import { film, png, wav } from '../support/media.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

async function sendPictures(from: Account, room: Room, text: string, count: number) {
	const ids = [];
	for (let at = 0; at < count; at++) {
		const { id } = await from.upload(`sea-${at + 1}.png`, 'image/png', png(800, 500, at * 90));
		ids.push(id);
	}
	return from.send(room, text, { attachment_ids: ids });
}

test(
	'pictures are looked at one after the other',
	{ tag: '@main' },
	async ({ open, person, t, hasTouch }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		await sendPictures(ben, room, 'Three of the sea', 3);
		const window = await open(ana, `/rooms/${room.id}`);
		const { page, dialog } = window;
		const picture = (at: number) =>
			window
				.message('Three of the sea')
				.getByRole('button', { name: t('message.picture_named', { name: `sea-${at}.png` }) });
		await picture(1).click();
		const image = dialog.getByRole('img');
		await expect(image).toBeVisible();
		await expect(dialog).toHaveAccessibleName(/1.*3/);
		await expect(dialog.getByText('Three of the sea')).toBeVisible();
		await page.keyboard.press('ArrowRight');
		await expect(dialog).toHaveAccessibleName(/2.*3/);
		await window.button('files.next', dialog).click();
		await expect(dialog).toHaveAccessibleName(/3.*3/);
		await expect(window.button('files.next', dialog)).toHaveCount(0);
		await page.keyboard.press('ArrowLeft');
		await expect(dialog).toHaveAccessibleName(/2.*3/);
		await expect(
			dialog.getByRole('link', { name: t('files.download_named', { name: 'sea-2.png' }) }),
		).toHaveAttribute('download', 'sea-2.png');

		// Closer, moved, and back.
		await window.button('files.zoom_in', dialog).click();
		await expect(image).toHaveAttribute('data-scale', '1.50');
		// The arrows move it now, and do not lead to the next.
		await page.keyboard.press('+');
		await expect(image).toHaveAttribute('data-scale', '2.25');
		const left = async () => (await image.boundingBox())?.x ?? 0;
		const middle = await left();
		await page.keyboard.press('ArrowRight');
		await expect.poll(left).toBeLessThan(middle);
		await expect(dialog).toHaveAccessibleName(/2.*3/);
		await page.keyboard.press('ArrowLeft');
		await expect.poll(left).toBeCloseTo(middle, 0);
		await page.keyboard.press('0');
		await expect(image).toHaveAttribute('data-scale', '1.00');
		// On a busy machine two taps may come too far apart to be one gesture.
		await expect(async () => {
			if (hasTouch) {
				await image.tap();
				await image.tap();
			} else await image.dblclick();
			await expect(image).toHaveAttribute('data-scale', '2.50', { timeout: 500 });
		}).toPass();
		await page.keyboard.press('0');
		if (!hasTouch) {
			await image.hover();
			await page.mouse.wheel(0, -300);
			await expect(image).toHaveAttribute('data-scale', '2.72');
		}
		await page.keyboard.press('Escape');
		await expect(dialog).toHaveCount(0);
		await expect(picture(1)).toBeFocused();
	},
);

test('fingers pinch, swipe on, and swipe it away', async ({ open, person, hasTouch }) => {
	test.skip(!hasTouch, 'fingers only');
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await sendPictures(ben, room, 'Two', 2);
	const window = await open(ana, `/rooms/${room.id}`);
	const { page, dialog } = window;
	await window.message('Two').getByRole('button', { name: /sea-1/ }).click();
	const image = dialog.getByRole('img');
	await expect(image).toBeVisible();
	const session = await page.context().newCDPSession(page);
	const fingers = async (type: 'touchStart' | 'touchMove' | 'touchEnd', ...at: number[][]) => {
		const touchPoints = at.map(([x = 0, y = 0], id) => ({ x, y, id }));
		await session.send('Input.dispatchTouchEvent', { type, touchPoints });
	};
	await fingers('touchStart', [150, 370], [210, 370]);
	await fingers('touchMove', [120, 370], [240, 370]);
	await fingers('touchEnd');
	await expect(image).toHaveAttribute('data-scale', '2.00');
	await page.keyboard.press('0');
	await fingers('touchStart', [280, 370]);
	await fingers('touchMove', [180, 372]);
	await fingers('touchMove', [100, 374]);
	await fingers('touchEnd');
	await expect(dialog).toHaveAccessibleName(/2.*2/);
	await fingers('touchStart', [180, 300]);
	await fingers('touchMove', [182, 360]);
	await fingers('touchMove', [184, 420]);
	await fingers('touchEnd');
	await expect(dialog).toHaveCount(0);
});

test('a picture has its room before it is there, and says when it fails', async ({
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(refused(404), /ERR_FAILED/);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await sendPictures(ben, room, 'One', 1);
	const window = await open(ana);
	let held = true;
	const waiting: (() => void)[] = [];
	await window.page.route('**/media/**', async (route) => {
		if (held) await new Promise<void>((go) => waiting.push(go));
		await route.abort().catch(() => undefined);
	});
	await window.page.goto(`/rooms/${room.id}`);
	const picture = window.message('One').getByRole('button', { name: /sea-1/ });
	await expect(picture).toBeVisible();
	const before = await picture.boundingBox();
	expect((before?.width ?? 0) / (before?.height ?? 1)).toBeCloseTo(1.6, 1);
	await expect(picture).toHaveCSS('background-image', /data:image\/png/);
	held = false;
	for (const go of waiting) go();
	const failed = window.message('One').getByRole('button', { name: t('files.picture_failed') });
	await expect(failed).toBeVisible();
	expect((await failed.boundingBox())?.height).toBeCloseTo(before?.height ?? 0, 0);
	await window.page.unroute('**/media/**');
	await failed.click();
	await expect(picture).toBeVisible();
	await expect
		.poll(() => picture.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth))
		.toBeGreaterThan(0);
});

test(
	'pictures and faces that could not be had come when the server is back',
	{ tag: '@desktop' },
	async ({ open, person, server, watch, t }) => {
		watch.allow(/ERR_FAILED|ERR_INTERNET_DISCONNECTED|WebSocket/);
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		const face = new FormData();
		face.append('file', new Blob([Uint8Array.from(png(64, 64))], { type: 'image/png' }), 'ben.png');
		await fetch(`${server.url}/api/v1/users/me/avatar/`, {
			method: 'PUT',
			headers: { Authorization: `Bearer ${ben.tokens.access}` },
			body: face,
		});
		await sendPictures(ben, room, 'One', 1);
		const window = await open(ana);
		const { page } = window;
		await page.route('**/media/**', (route) => route.abort());
		await page.goto(`/rooms/${room.id}`);
		await expect(
			window.message('One').getByRole('button', { name: t('files.picture_failed') }),
		).toBeVisible();
		await page.unroute('**/media/**');
		await page.context().setOffline(true);
		await page.context().setOffline(false);
		const missing = () =>
			page.evaluate(
				() => [...document.images].filter((image) => image.src && !image.naturalWidth).length,
			);
		const picture = window.message('One').getByRole('button', { name: /sea-1/ });
		await expect(picture.locator('img')).toBeVisible();
		await expect.poll(missing).toBe(0);
	},
);

test('pictures and downloads outlive the cookie that opens them', async ({
	open,
	person,
	server,
	watch,
	t,
}) => {
	// A socket that is slow to open meets the spent cookie too.
	watch.allow(refused(401), /WebSocket connection to .*valid credentials/);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const face = new FormData();
	face.append('file', new Blob([Uint8Array.from(png(64, 64))], { type: 'image/png' }), 'ben.png');
	await fetch(`${server.url}/api/v1/users/me/avatar/`, {
		method: 'PUT',
		headers: { Authorization: `Bearer ${ben.tokens.access}` },
		body: face,
	});
	await sendPictures(ben, room, 'One', 1);
	const list = await ben.upload('seeds.csv', 'text/csv', Buffer.from('a,b\n'));
	const tone = await ben.upload('bees.wav', 'audio/wav', wav(3));
	await ben.send(room, 'The list', { attachment_ids: [list.id, tone.id] });
	const window = await open(ana, `/rooms/${room.id}`);
	const { page } = window;
	const context = page.context();
	const other = await context.newPage();
	// Nothing comes from the browser's own store.
	await context.route('**/media/**', (route) => route.continue());
	let renewals = 0;
	context.on('request', (request) => {
		if (request.url().endsWith('/auth/refresh/')) renewals++;
	});
	const spend = async (known: 'known' | 'unknown') => {
		await page.evaluate(
			(value) => {
				localStorage.setItem('charla.access', value);
			},
			known === 'known' ? '1' : `${Date.now()}`,
		);
		await context.clearCookies({ name: 'access_token' });
	};
	const shows = (image: Locator) =>
		expect
			.poll(() => image.evaluate((one: HTMLImageElement) => one.naturalWidth))
			.toBeGreaterThan(0);
	const picture = window.message('One').getByRole('button', { name: /sea-1/ });
	await shows(picture.locator('img'));

	// A tab that is looked at again, and one that is new.
	await spend('known');
	await Promise.all([page.reload(), other.goto(`/rooms/${room.id}`)]);
	for (const tab of [page, other]) {
		await shows(tab.getByRole('article', { name: ': One' }).getByRole('button').locator('img'));
		await shows(tab.locator('main .avatar img').first());
	}
	expect(renewals).toBe(1);

	// Too late for all that is ahead of time.
	await spend('unknown');
	await picture.click();
	// So close that it takes another file.
	await window.button('files.zoom_in', window.dialog).click();
	await window.button('files.zoom_in', window.dialog).click();
	await expect.poll(() => renewals).toBe(2);
	await shows(window.dialog.getByRole('img'));
	await page.keyboard.press('Escape');
	await spend('unknown');
	const player = window.message('The list').locator('audio');
	await player.evaluate((one: HTMLAudioElement) => {
		one.load();
	});
	await expect.poll(() => renewals).toBe(3);
	await expect.poll(() => player.evaluate((one: HTMLAudioElement) => one.duration)).toBe(3);
	await spend('known');
	// The lean browser cancels a download on its way through a route.
	await context.unroute('**/media/**');
	const coming = page.waitForEvent('download');
	await window
		.message('The list')
		.getByRole('link', { name: /seeds\.csv/ })
		.click();
	const download = await coming;
	expect(await download.failure()).toBeNull();
	expect(download.suggestedFilename()).toBe('seeds.csv');
	expect(renewals).toBe(4);
	await expect(page.getByText(t('files.picture_failed'))).toHaveCount(0);
});

test(
	'recordings play, files are kept, and quotes show what they quote',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		const tone = await ben.upload('bees.wav', 'audio/wav', wav(3));
		const list = await ben.upload('seeds.csv', 'text/csv', Buffer.from('a,b\n'));
		const sent = await ben.send(room, 'Listen', { attachment_ids: [tone.id, list.id] });
		const sea = await sendPictures(ben, room, '', 1);
		await ana.send(room, 'Lovely', { reply_to_id: sea.id });
		const papers = await ben.send(room, '', {
			attachment_ids: [(await ben.upload('plan.txt', 'text/plain', Buffer.from('x'))).id],
		});
		await ana.send(room, 'Read it', { reply_to_id: papers.id });
		const window = await open(ana, `/rooms/${room.id}`);
		const message = window.message('Listen');
		await expect(message.getByText(/bees\.wav · 0:03 ·/)).toBeVisible();
		const player = message.locator('audio');
		await expect(player).toHaveAttribute('preload', 'metadata');
		await expect.poll(() => player.evaluate((one: HTMLAudioElement) => one.duration)).toBe(3);
		await expect(
			message.getByRole('link', { name: t('files.download_named', { name: 'seeds.csv' }) }),
		).toHaveAttribute('download', 'seeds.csv');
		await expect(window.message('Lovely').getByRole('blockquote').locator('img')).toBeVisible();
		await expect(window.message('Read it').getByRole('blockquote')).toContainText('plan.txt');
		expect(sent.id).toBeTruthy();
	},
);

test('a film plays in its shape', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const window = await open(ana, `/rooms/${room.id}`);
	await expect(window.composer).toBeVisible();
	const waves = await ben.upload('waves.webm', 'video/webm', await film(window.page));
	await ben.send(room, 'Low tide', { attachment_ids: [waves.id] });
	const video = window.message('Low tide').locator('video');
	await expect(video).toHaveAttribute('aria-label', t('files.video_named', { name: 'waves.webm' }));
	await expect.poll(() => video.evaluate((one: HTMLVideoElement) => one.videoWidth)).toBe(160);
	await video.evaluate(async (one: HTMLVideoElement) => {
		one.muted = true;
		await one.play();
	});
	await expect
		.poll(() => video.evaluate((one: HTMLVideoElement) => one.currentTime))
		.toBeGreaterThan(0.1);
	// It keeps the player inside the page, whatever the shape.
	const box = await video.boundingBox();
	expect(box?.width).toBeLessThanOrEqual(400);
});

test('the files of a room, sorted', { tag: '@main' }, async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const window = await open(ana, `/rooms/${room.id}?panel=files`);
	await expect(window.panel.getByText(t('files.none.image'))).toBeVisible();
	await sendPictures(ben, room, 'The sea', 2);
	const list = await ben.upload('seeds.csv', 'text/csv', Buffer.from('a,b\n'));
	await ben.send(room, 'The list', { attachment_ids: [list.id] });
	await ben.send(room, 'See [the plan](https://example.org/plan) and https://example.net/');
	await window.page.reload();
	const tab = (key: 'files.pictures' | 'files.files' | 'files.links') =>
		window.panel.getByRole('tab', { name: t(key) });
	await expect(window.panel.getByRole('button', { name: /sea-/ })).toHaveCount(2);
	await window.panel.getByRole('button', { name: /sea-1/ }).click();
	await expect(window.dialog.getByRole('img')).toBeVisible();
	await window.page.keyboard.press('Escape');
	await tab('files.pictures').press('ArrowRight');
	await expect(tab('files.files')).toBeFocused();
	await expect(window.panel.getByRole('link', { name: /seeds\.csv/ })).toBeVisible();
	await tab('files.links').click();
	await expect(window.panel.getByRole('link', { name: /the plan/ })).toHaveAttribute(
		'href',
		'https://example.org/plan',
	);
	await expect(window.panel.getByRole('link', { name: /Ben Okoye/ }).first()).toHaveAttribute(
		'href',
		new RegExp(`/rooms/${room.id}\\?message=`),
	);
});

test('a picture of which there is no copy shows as it is', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const window = await open(ana);
	await window.page.route('**/api/v1/chat/**', async (route) => {
		const response = await route.fetch();
		const body = (await response.text())
			.replaceAll(/"thumbnail_url":"[^"]*"/g, '"thumbnail_url":null')
			.replaceAll(/"thumbhash":"[^"]*"/g, '"thumbhash":null');
		await route.fulfill({ response, body });
	});
	const sea = await sendPictures(ben, room, 'One', 1);
	await ben.send(room, 'This one', { reply_to_id: sea.id });
	await window.page.goto(`/rooms/${room.id}?panel=files`);
	const whole = sea.attachments[0]?.url ?? '';
	const shows = async (image: Locator) => {
		await expect(image).toHaveAttribute('src', whole);
		await expect
			.poll(() => image.evaluate((one: HTMLImageElement) => one.naturalWidth))
			.toBeGreaterThan(0);
	};
	const name = t('message.picture_named', { name: 'sea-1.png' });
	await shows(window.message('One').getByRole('button', { name }).locator('img'));
	await shows(window.message('This one').getByRole('blockquote').locator('img'));
	const found = window.panel.getByRole('button', { name });
	await shows(found.locator('img'));
	await found.click();
	await shows(window.dialog.getByRole('img'));
	await window.page.keyboard.press('Escape');
	await window.panel.getByRole('tab', { name: t('files.links') }).click();
	await expect(window.panel.getByText(t('files.none.link'))).toBeVisible();
});

test('code, tables, links and mentions are more than text', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Garden', [ben]);
	await ben.send(room, '@anaruiz and @benokoye, see [the plan](https://example.org/)');
	await ben.send(
		room,
		`Code:\n\n\`\`\`rust\nfn main() { let long = "${'x'.repeat(300)}"; }\n\`\`\`\n\n| a | b |\n|---|---|\n| 1 | 2 |`,
	);
	const window = await open(ana, `/rooms/${room.id}`);
	const { page } = window;
	const said = window.message('@anaruiz');
	await expect(said.getByRole('link', { name: '@anaruiz' })).toHaveAttribute(
		'href',
		`/people/${ana.id}`,
	);
	await expect(said.locator('.mention.me')).toHaveText(['@anaruiz']);
	const link = said.getByRole('link', { name: 'the plan' });
	await expect(link).toHaveAttribute('target', '_blank');
	await expect(link).toHaveAttribute('rel', /noopener/);
	await expect(link).toHaveAttribute('title', 'https://example.org/');

	const code = window.message('Code:');
	await expect(code.locator('.hljs-keyword').first()).toHaveText('fn');
	const region = code.getByRole('region', { name: t('message.code') });
	await expect(region).toHaveAttribute('tabindex', '0');
	await expect(code.getByRole('table')).toBeVisible();
	await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
	await region.hover();
	await window.button('message.code.copy', code).click();
	const copied = await page.evaluate(() => navigator.clipboard.readText());
	expect(copied).toMatch(/^fn main\(\) \{ let long = "x{300}"; \}\n$/);
	const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
	expect(wide).toBe(false);
});
