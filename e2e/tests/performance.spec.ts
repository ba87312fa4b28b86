import type { Page } from '@playwright/test';
import type { Message, Room } from '../support/account.ts';
import { fill, history } from '../support/crowd.ts';
import { expect, test } from '../support/test.ts';
import type { Window } from '../support/window.ts';

/** Messages in the room; as many as 100,000 take a while to fill in. */
const SIZE = Number(process.env.CHARLA_ROOM_SIZE ?? 2_000);
const MAX_IN_PAGE = 320;
const PER_SECOND = 50;
const SECONDS = 6;

test.describe.configure({ timeout: 60_000 + SIZE * 60 });

const articles = ({ timeline }: Window) => timeline.locator('article').count();
const elements = ({ page }: Window) => page.evaluate(() => document.querySelectorAll('*').length);

/** The heap after a collection, in megabytes. */
async function heap(page: Page): Promise<number> {
	const session = await page.context().newCDPSession(page);
	await session.send('HeapProfiler.collectGarbage');
	const { usedSize } = await session.send('Runtime.getHeapUsage');
	await session.detach();
	return usedSize / 1e6;
}

function print(what: string, figures: Record<string, number>): void {
	const all = Object.entries(figures).map(
		([name, value]) => `${name} ${Math.round(value * 10) / 10}`,
	);
	console.log(`${what}: ${all.join(', ')}`);
}

/** Collects the long tasks from now on; the function given back says how long they were. */
async function longTasks(page: Page): Promise<() => Promise<number[]>> {
	await page.evaluate(() => {
		const tasks: number[] = [];
		Object.assign(window, { longTasks: tasks });
		new PerformanceObserver((list) => {
			for (const { duration } of list.getEntries()) tasks.push(duration);
		}).observe({ entryTypes: ['longtask'] });
	});
	return () => page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks);
}

test(
	'writing while fifty messages a second come in',
	{ tag: '@desktop' },
	async ({ open, person }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		await fill([ben], room, SIZE);
		await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
		const window = await open(ana, `/rooms/${room.id}`);
		const { page } = window;
		await expect(window.composer).toBeFocused();
		await expect.poll(() => articles(window)).toBeGreaterThan(20);
		const before = await heap(page);
		const tasks = await longTasks(page);

		const count = PER_SECOND * SECONDS;
		const flood = async () => {
			const sending: Promise<Message>[] = [];
			while (sending.length < count) {
				for (let n = 0; n < PER_SECOND / 10; n++) {
					sending.push(ben.send(room, `Flood ${sending.length + 1}`));
				}
				await new Promise((go) => setTimeout(go, 100));
			}
			await Promise.all(sending);
		};
		const flooding = flood();
		// Each key, from being pressed to the next frame that shows it.
		const delays = await page.evaluate(async (seconds) => {
			const box = document.activeElement as HTMLTextAreaElement;
			const found: number[] = [];
			const until = performance.now() + seconds * 1000;
			while (performance.now() < until) {
				const pressed = performance.now();
				document.execCommand('insertText', false, 'x');
				await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
				found.push(performance.now() - pressed);
				await new Promise((go) => setTimeout(go, 60));
			}
			if (box.value.length !== found.length) throw new Error('keys were lost');
			return found.sort((a, b) => a - b);
		}, SECONDS);
		await flooding;
		const last = (await history(ana, room)).at(-1) as Message;
		await expect(window.timeline.locator(`[data-message-id="${last.id}"]`)).toBeInViewport();
		const long = await tasks();
		print(`typing in a room of ${SIZE} while ${PER_SECOND} a second come in`, {
			keys: delays.length,
			'ms a key (median)': delays[Math.floor(delays.length / 2)] ?? 0,
			'ms a key (95 %)': delays[Math.floor(delays.length * 0.95)] ?? 0,
			'long tasks': long.length,
			'longest ms': Math.max(0, ...long),
			messages: await articles(window),
			'heap MB before': before,
			'heap MB after': await heap(page),
		});
		expect(await articles(window)).toBeLessThanOrEqual(MAX_IN_PAGE);
		// Not every message may hold the page up, whatever the machine.
		expect(long.length).toBeLessThan(count / 3);
	},
);

test('scrolling through a long history', { tag: '@desktop' }, async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await fill([ana, ben], room, SIZE);
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
	const all = await history(ana, room);
	const window = await open(ana, `/rooms/${room.id}`);
	const { page } = window;
	await expect.poll(() => articles(window)).toBeGreaterThan(20);
	const first = { heap: await heap(page), elements: await elements(window) };
	const tasks = await longTasks(page);

	// All the way up in the page itself, and the most that was in it at any moment.
	const climb = () =>
		page.evaluate(async (oldest) => {
			const log = document.querySelector('[role=log]') as HTMLElement;
			const frame = () => new Promise((go) => requestAnimationFrame(go));
			let most = 0;
			for (let steps = 0; steps < 200_000; steps++) {
				if (log.querySelector(`[data-message-id="${oldest}"]`)) return { most, steps };
				log.scrollBy(0, -900);
				await frame();
				most = Math.max(most, log.querySelectorAll('article').length);
			}
			throw new Error('the beginning is not reached');
		}, all[0]?.id);
	const { most, steps } = await climb();
	const long = await tasks();
	const last = { heap: await heap(page), elements: await elements(window) };
	print(`scrolling up through ${SIZE}`, {
		steps,
		'most messages': most,
		'elements before': first.elements,
		'elements after': last.elements,
		'heap MB before': first.heap,
		'heap MB after': last.heap,
		'long tasks': long.length,
		'longest ms': Math.max(0, ...long),
	});
	expect(most).toBeLessThanOrEqual(MAX_IN_PAGE);
	expect(last.elements).toBeLessThan(15_000);
	expect(last.heap - first.heap, 'megabytes kept').toBeLessThan(25);
	await page.getByRole('button', { name: t('timeline.jump') }).click();
	const newest = window.timeline.locator(`[data-message-id="${all.at(-1)?.id}"]`);
	await expect(newest).toBeInViewport();
});

test('switching between rooms seen before', { tag: '@desktop' }, async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const rooms: Room[] = [];
	for (const name of ['Garden', 'Harbour']) {
		const room = await ana.group(name, [ben]);
		await fill([ana, ben], room, 120);
		await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
		rooms.push(room);
	}
	const window = await open(ana);
	for (const name of ['Garden', 'Harbour']) {
		await window.openRoom(name);
		await expect.poll(() => articles(window)).toBeGreaterThan(20);
	}
	const requests: string[] = [];
	window.page.on('request', (request) => {
		if (request.url().includes('/messages/')) requests.push(request.url());
	});
	// From the click to the frame in which the room's own messages stand where they belong.
	const times = await window.page.evaluate(
		async (ids) => {
			const found: number[] = [];
			for (let turn = 0; turn < 20; turn++) {
				const link = document.querySelector<HTMLElement>(`[data-room-id="${ids[turn % 2]}"]`);
				const before = document.querySelector('[role=log]');
				const clicked = performance.now();
				link?.click();
				for (;;) {
					await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
					const log = document.querySelector('[role=log]');
					const there = log !== before && log?.querySelector('.placed article');
					if (log && there && log.scrollHeight - log.scrollTop - log.clientHeight < 48) break;
					if (performance.now() - clicked > 5_000) throw new Error('the room does not show');
				}
				found.push(performance.now() - clicked);
				await new Promise((go) => setTimeout(go, 100));
			}
			return found.sort((a, b) => a - b);
		},
		rooms.map(({ id }) => id),
	);
	print('switching rooms', {
		'ms (best)': times[0] ?? 0,
		'ms (median)': times[10] ?? 0,
		'ms (95 %)': times[18] ?? 0,
	});
	expect(requests, 'nothing is loaded again').toEqual([]);
	expect(times[0]).toBeLessThan(1_000);
});
