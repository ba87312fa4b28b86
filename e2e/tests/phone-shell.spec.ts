import type { Page } from '@playwright/test';
import { expect, test } from '../support/test.ts';

/** A finger that moves from one place to another. */
async function swipe(page: Page, from: [number, number], to: [number, number]): Promise<void> {
	const client = await page.context().newCDPSession(page);
	const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: [number, number][]) =>
		client.send('Input.dispatchTouchEvent', {
			type,
			touchPoints: points.map(([x, y]) => ({ x, y })),
		});
	await send('touchStart', [from]);
	const STEPS = 6;
	for (let step = 1; step <= STEPS; step++) {
		const at = (axis: 0 | 1) => from[axis] + ((to[axis] - from[axis]) * step) / STEPS;
		await send('touchMove', [[at(0), at(1)]]);
	}
	await send('touchEnd', []);
	await client.detach();
}

for (const reducedMotion of ['reduce', 'no-preference'] as const) {
	test(`a swipe leads back from a room and from a panel, motion: ${reducedMotion}`, async ({
		open,
		person,
	}) => {
		const ana = await person('Ana Ruiz');
		const garden = await ana.group('Garden');
		await ana.send(garden, 'Roses');
		const window = await open(ana, `/rooms/${garden.id}`);
		test.skip(!window.touch, 'a phone alone has one column');
		const { page } = window;
		await page.emulateMedia({ reducedMotion });
		await expect(window.message('Roses')).toBeVisible();
		await expect(window.roomLine('Garden')).toBeHidden();
		await window.button('room.details').click();
		await expect(window.panel).toBeVisible();
		await swipe(page, [40, 300], [320, 310]);
		await expect(window.panel).toHaveCount(0);
		await expect(window.heading('Garden')).toBeVisible();

		// Neither up and down nor a little way.
		await swipe(page, [100, 300], [130, 500]);
		await swipe(page, [100, 300], [70, 300]);
		await expect(window.composer).toBeVisible();
		await swipe(page, [40, 300], [330, 310]);
		await expect(window.roomLine('Garden')).toBeVisible();
		await expect(page).toHaveURL(/\/$/);
		await window.openRoom('Garden');
		await expect(window.composer).toBeInViewport();
	});
}

test('a phone held sideways has one column, a tablet two', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const garden = await ana.group('Garden');
	await ana.send(garden, 'Roses');
	const window = await open(ana, `/rooms/${garden.id}`);
	test.skip(!window.touch, 'a mouse needs no more room');
	const { page } = window;
	await window.composer.fill('Half a sentence');
	for (const [width, height] of [
		[740, 360],
		[932, 430],
	] as const) {
		await page.setViewportSize({ width, height });
		await expect(window.roomLine('Garden')).toBeHidden();
		await expect(window.message('Roses')).toBeInViewport();
		await expect(window.composer).toHaveValue('Half a sentence');
		const box = await window.timeline.boundingBox();
		expect(box?.width).toBe(width);
		await window.toRooms();
		await expect(window.composer).toBeHidden();
		await window.openRoom('Garden');
	}
	await page.setViewportSize({ width: 1024, height: 768 });
	await expect(window.roomLine('Garden')).toBeVisible();
	await expect(window.composer).toBeVisible();
});

test('a swipe over what scrolls sideways scrolls it', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const garden = await ana.group('Garden');
	await ana.send(garden, '```\n' + 'wide '.repeat(60) + '\n```');
	const window = await open(ana, `/rooms/${garden.id}`);
	test.skip(!window.touch, 'a phone alone has one column');
	const code = window.timeline.locator('pre');
	await expect(code).toBeVisible();
	const box = await code.boundingBox();
	if (!box) throw new Error('no code');
	const y = box.y + box.height / 2;
	await swipe(window.page, [box.x + 20, y], [box.x + 260, y]);
	await expect(window.composer).toBeVisible();
	await expect(window.roomLine('Garden')).toBeHidden();
});

test('the composer stays in sight over a keyboard that covers the page', async ({
	open,
	person,
}) => {
	const ana = await person('Ana Ruiz');
	const garden = await ana.group('Garden');
	const window = await open(ana, `/rooms/${garden.id}`);
	test.skip(!window.touch, 'a phone alone has one column');
	await expect(window.composer).toBeVisible();
	await window.page.evaluate(() => {
		const seen = globalThis.visualViewport;
		if (!seen) return;
		Object.defineProperty(seen, 'height', { configurable: true, get: () => innerHeight - 300 });
		seen.dispatchEvent(new Event('resize'));
	});
	const bottom = () =>
		window.composer.evaluate((box) => innerHeight - box.getBoundingClientRect().bottom);
	await expect.poll(bottom).toBeGreaterThan(300);
	await window.page.evaluate(() => {
		const seen = globalThis.visualViewport;
		if (!seen) return;
		Reflect.deleteProperty(seen, 'height');
		seen.dispatchEvent(new Event('resize'));
	});
	await expect.poll(bottom).toBeLessThan(300);
});

test('a phone’s room has its ways in a menu', { tag: '@main' }, async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const garden = await ana.group('Garden');
	const window = await open(ana, `/rooms/${garden.id}`);
	test.skip(!window.touch, 'elsewhere they stand in the head');
	const { page } = window;
	await window.button('room.menu').click();
	await page.getByRole('menuitem', { name: t('room.search') }).click();
	await expect(page.getByRole('searchbox', { name: t('search.label') })).toBeVisible();
	await window.button('action.close', window.panel).click();
	await window.button('room.menu').click();
	await page.getByRole('menuitem', { name: t('rooms.clear') }).click();
	await expect(window.dialog).toContainText(t('room.clear.text'));
});

test('nothing is wider than the window, at 320 pixels', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye with a remarkably long name that goes on');
	const name = 'Garden-and-allotment-society-without-a-single-space-in-its-name';
	const garden = await ana.group(name, [ben], { visibility: 'public', topic: 'Roses '.repeat(30) });
	await ana.send(garden, 'Roses '.repeat(40));
	const window = await open(ana, '/');
	const { page } = window;
	await page.setViewportSize({ width: 320, height: 640 });
	const paths = [
		'/',
		'/browse',
		'/search?q=roses',
		`/rooms/${garden.id}`,
		...['details', 'members', 'search'].map((panel) => `/rooms/${garden.id}?panel=${panel}`),
	];
	for (const path of paths) {
		await page.goto(path);
		await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
		await expect(page.getByText(t('room.loading'))).toHaveCount(0);
		const excess = await page.evaluate(() =>
			[...document.querySelectorAll('body, main, aside, .body, .sidebar')]
				.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
				.map(({ className, tagName }) => `${tagName}.${className}`),
		);
		// Out of sight on a phone as long as the list shows.
		const seen = path === '/' ? excess.filter((found) => !found.startsWith('MAIN')) : excess;
		expect(seen, path).toEqual([]);
	}
});
