import type { Page } from '@playwright/test';
import type { Message } from '../support/account.ts';
import { fill, history } from '../support/crowd.ts';
import { expect, test } from '../support/test.ts';
import type { Window } from '../support/window.ts';

const inside = ({ timeline }: Window, { id }: Message) =>
	timeline.locator(`article[data-message-id="${id}"]`);

/** What the page asks of a room's timeline, from now on. */
function asked(page: Page): string[] {
	const all: string[] = [];
	page.on('request', (request) => {
		const { pathname, searchParams } = new URL(request.url());
		if (/\/rooms\/[^/]+\/messages\/$/.test(pathname)) all.push([...searchParams].join('&'));
	});
	return all;
}

/** Once the page is told of what happens in its rooms: what came before is read with them. */
async function greeted(page: Page): Promise<void> {
	const socket = await page.waitForEvent('websocket');
	await socket.waitForEvent('framereceived', ({ payload }) => /"type":"hello"/.test(`${payload}`));
}

/** The messages in the page, by their ids. */
const shownIn = ({ timeline }: Window) =>
	timeline
		.locator('article[data-message-id]')
		.evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.messageId));

/** How far below the upper edge of the timeline a message begins. */
const topOf = (window: Window, message: Message) =>
	inside(window, message).evaluate(
		(one) =>
			one.getBoundingClientRect().top -
			(one.closest('[role=log]')?.getBoundingClientRect().top ?? 0),
	);

test(
	'a room opens where the unread ones begin, with one request',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		await fill([ben], room, 120, 'Read');
		await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
		await fill([ben], room, 120, 'Unread');
		const all = await history(ana, room);
		const window = await open(ana);
		await expect(window.unreadOf('Ben Okoye')).toHaveText(/99\+/);
		const requests = asked(window.page);
		await window.openRoom('Ben Okoye');
		await expect(
			window.page.getByRole('heading', { name: t('timeline.new'), exact: true }),
		).toBeInViewport();
		const first = all[120] as Message;
		await expect(inside(window, first)).toBeInViewport();
		await expect(inside(window, all[119] as Message)).toBeInViewport();
		expect(requests[0]).toContain('around,first_unread');
		expect(requests.filter((one) => !/before|after/.test(one))).toHaveLength(1);
		// The line stands right before it.
		const line = window.timeline.locator('[data-unread-line] + article');
		await expect(line).toHaveAttribute('data-message-id', first.id);

		await window.page.getByRole('button', { name: t('timeline.jump') }).click();
		await expect(inside(window, all.at(-1) as Message)).toBeInViewport();
		await expect(window.page.getByRole('button', { name: t('timeline.jump') })).toHaveCount(0);
		await window.toRooms();
		await expect(window.unreadOf('Ben Okoye')).toHaveCount(0);
	},
);

test('a link leads to its message, and from there both ways to the ends', async ({
	open,
	person,
	t,
}) => {
	test.slow();
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await fill([ana, ben], room, 320);
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
	const all = await history(ana, room);
	const linked = all[150] as Message;
	const window = await open(ana, '/');
	const requests = asked(window.page);
	await window.page.goto(`/rooms/${room.id}?message=${linked.id}`);
	await expect(inside(window, linked)).toBeInViewport();
	await expect(inside(window, linked)).toBeFocused();
	expect(requests[0]).toContain(`around,${linked.id}`);

	// What comes in meanwhile is counted, and not lost.
	const jump = window.page.getByRole('button', { name: t('timeline.jump') });
	for (const text of ['News', 'More news']) all.push(await ben.send(room, text));
	await expect(jump).toHaveAccessibleName(new RegExp(`${t('timeline.jump')} \\(2 `));
	const gone = all[151] as Message;
	const { username } = gone.sender;
	const author = username === ana.username ? ana : ben;
	await author.call('DELETE', `/api/v1/chat/messages/${gone.id}/`);
	await expect(inside(window, gone)).toContainText(t('message.deleted'));

	const ids = all.map(({ id }) => id);
	const seen = new Set<string>();
	const walk = async (step: number, until: Message) => {
		for (let steps = 0; !seen.has(until.id); steps++) {
			expect(steps, 'steps').toBeLessThan(80);
			const shown = await shownIn(window);
			const from = ids.indexOf(shown[0] ?? '');
			expect(shown, 'in order, none missing, none twice').toEqual(
				ids.slice(from, from + shown.length),
			);
			for (const id of shown) if (id) seen.add(id);
			await window.timeline.evaluate((log, by) => log.scrollBy(0, by), step);
			await expect(window.timeline).toHaveAttribute('aria-busy', 'false');
		}
	};
	await walk(1500, all.at(-1) as Message);
	// The last step may have led to the end already.
	if (await jump.isVisible()) await jump.click();
	await expect(window.message('More news')).toBeInViewport();
	await ben.send(room, 'And the latest');
	await expect(window.message('And the latest')).toBeInViewport();
	ids.push((await history(ana, room)).at(-1)?.id ?? '');
	await walk(-1500, all[0] as Message);
	expect(seen.size).toBeGreaterThanOrEqual(322);
});

test('the way back from a jump leads to where one was', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const original = await ben.send(room, 'Where it all began');
	await fill([ben], room, 150);
	await ben.send(room, 'Remember?', { reply_to_id: original.id });
	await fill([ben], room, 30, 'Later');
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
	const window = await open(ana);
	await window.openRoom('Ben Okoye');
	const answer = window.message('Remember?');
	const quote = answer.getByRole('blockquote').getByRole('button');
	await quote.evaluate((one) => one.scrollIntoView({ block: 'center' }));
	await expect(window.page.getByRole('button', { name: t('timeline.jump') })).toBeVisible();
	const before = await answer.evaluate((one) => one.getBoundingClientRect().top);

	const requests = asked(window.page);
	await quote.click();
	await expect(window.message('Where it all began')).toBeFocused();
	await expect(window.message('Where it all began')).toBeInViewport();
	expect(requests).toHaveLength(1);
	await window.page.goBack();
	await expect(answer).toBeInViewport();
	const after = () => answer.evaluate((one) => one.getBoundingClientRect().top);
	await expect.poll(async () => Math.abs((await after()) - before)).toBeLessThanOrEqual(2);
	// Forward again, and back by the button in the page.
	await window.page.goForward();
	await expect(window.message('Where it all began')).toBeInViewport();
	await window.button('timeline.back').click();
	await expect(answer).toBeInViewport();
	await expect.poll(async () => Math.abs((await after()) - before)).toBeLessThanOrEqual(2);
	await expect(window.button('timeline.back')).toHaveCount(0);
});

test('a link to what is gone says so, and the room is there all the same', async ({
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(/status of 400/);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const lost = await ben.send(room, 'Lost');
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/clear_history/`);
	await ben.send(room, 'Kept');
	const window = await open(ana, `/rooms/${room.id}?message=${lost.id}`);
	await expect(window.message('Kept')).toBeVisible();
	await expect(window.page.getByText(t('timeline.gone'))).toBeVisible();
	await window.send('Hello');
	await expect(window.message('Hello')).toBeInViewport();
});

test('each room keeps its place', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const garden = await ana.group('Garden', [ben]);
	const harbour = await ana.group('Harbour', [ben]);
	await fill([ben], garden, 120);
	await ben.send(harbour, 'Ahoy');
	await ana.call('POST', `/api/v1/chat/rooms/${garden.id}/mark_all_read/`);
	const window = await open(ana);
	await window.openRoom('Garden');
	const all = await history(ana, garden);
	const anchor = all[85] as Message;
	await expect(inside(window, all.at(-1) as Message)).toBeInViewport();
	await expect(inside(window, all.at(-1) as Message)).toBeVisible();
	await inside(window, anchor).evaluate((one) => one.scrollIntoView({ block: 'center' }));
	await expect(window.page.getByRole('button', { name: t('timeline.jump') })).toBeVisible();
	const before = await topOf(window, anchor);
	await window.toRooms();
	await window.openRoom('Harbour');
	await expect(window.message('Ahoy')).toBeVisible();
	await ben.send(garden, 'One more');
	await window.toRooms();
	await window.openRoom('Garden');
	await expect(inside(window, anchor)).toBeInViewport();
	expect(Math.abs((await topOf(window, anchor)) - before)).toBeLessThanOrEqual(2);
	await window.page.getByRole('button', { name: t('timeline.jump') }).click();
	await expect(window.message('One more')).toBeInViewport();
});

test('what is cleared on another device goes at once', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await ben.send(room, 'Secret');
	const window = await open(ana, `/rooms/${room.id}`);
	await expect(window.message('Secret')).toBeVisible();
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/clear_history/`);
	await expect(window.message('Secret')).toHaveCount(0);
	await ben.send(room, 'Next');
	await expect(window.message('Next')).toBeVisible();
});

test('neither a window that shrinks nor larger text moves what is read', async ({
	open,
	person,
	t,
}) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await fill([ben], room, 90);
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
	const all = await history(ana, room);
	const window = await open(ana, `/rooms/${room.id}`);
	const last = all.at(-1) as Message;
	await expect(inside(window, last)).toBeInViewport();
	const { width, height } = window.page.viewportSize() ?? { width: 0, height: 0 };

	// At the end: a phone's keyboard opens, and closes.
	await window.page.setViewportSize({ width, height: height - 300 });
	await expect(inside(window, last)).toBeInViewport({ ratio: 1 });
	await window.page.setViewportSize({ width, height });
	await expect(inside(window, last)).toBeInViewport({ ratio: 1 });

	const first = await window.timeline.evaluate((log) => {
		log.scrollTop = log.scrollHeight / 2;
		const top = log.getBoundingClientRect().top;
		const articles = [...log.querySelectorAll<HTMLElement>('article[data-message-id]')];
		return articles.find((one) => one.getBoundingClientRect().bottom > top)?.dataset.messageId;
	});
	const anchor = all.find(({ id }) => id === first) as Message;
	await expect(window.page.getByRole('button', { name: t('timeline.jump') })).toBeVisible();
	const before = await topOf(window, anchor);
	const stays = async (what: string) =>
		expect
			.poll(async () => Math.abs((await topOf(window, anchor)) - before), { message: what })
			.toBeLessThanOrEqual(2);
	await window.page.setViewportSize({ width, height: height - 300 });
	await stays('lower');
	await window.page.setViewportSize({ width: Math.max(320, width - 300), height });
	await stays('narrower');
	await window.page.evaluate(() => (document.documentElement.style.fontSize = '130%'));
	await stays('larger text');
	await window.page.evaluate(() => (document.documentElement.dataset.density = 'compact'));
	await stays('compact');
});

test(
	'arrow, Home, End and Page keys lead through the timeline',
	{ tag: '@desktop' },
	async ({ open, person }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		await fill([ben], room, 130);
		await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
		const all = await history(ana, room);
		const window = await open(ana, `/rooms/${room.id}`);
		const { keyboard } = window.page;
		const last = inside(window, all.at(-1) as Message);
		await expect(last).toBeVisible();
		await last.focus();
		await keyboard.press('ArrowUp');
		await expect(inside(window, all.at(-2) as Message)).toBeFocused();
		await keyboard.press('PageUp');
		await expect(inside(window, all.at(-2) as Message)).not.toBeFocused();
		await expect(window.timeline.locator('article:focus')).toBeInViewport();
		for (let presses = 0; presses < 9; presses++) await keyboard.press('Home');
		await expect(inside(window, all[0] as Message)).toBeAttached();
		await keyboard.press('Home');
		await expect(inside(window, all[0] as Message)).toBeFocused();
		await keyboard.press('ArrowDown');
		await expect(inside(window, all[1] as Message)).toBeFocused();
		await keyboard.press('End');
		await expect(last).toBeFocused();
		await expect(last).toBeInViewport();
	},
);

test('what comes in is told once, and not to who reads something older', async ({
	open,
	person,
	t,
}) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	await ana.group('Kitchen');
	const room = await ana.directChat(ben);
	await fill([ben], room, 60);
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
	const window = await open(ana, 'about:blank');
	const live = greeted(window.page);
	await window.page.goto(`/rooms/${room.id}`);
	const heard = window.page.locator('section > [aria-live=polite].hidden-visually');
	await expect(window.composer).toBeVisible();
	await expect(window.message('Message').last()).toBeVisible();
	await live;
	await ben.send(room, 'Listen');
	await expect(heard).toHaveText('Ben Okoye: Listen');
	await expect(window.message('Listen')).toBeVisible();
	await window.timeline.evaluate((log) => (log.scrollTop = log.scrollHeight / 2));
	const jump = window.page.getByRole('button', { name: t('timeline.jump') });
	await expect(jump).toBeVisible();
	await ben.send(room, 'Not now');
	await expect(jump).toHaveAccessibleName(/\(1 /);
	await expect(heard).toHaveText(t('timeline.new'));
	await jump.click();
	await expect(window.message('Not now')).toBeInViewport();
	await ben.send(room, 'Now');
	await expect(heard).toHaveText('Ben Okoye: Now');
	await window.toRooms();
	await window.openRoom('Kitchen');
	await window.toRooms();
	await window.openRoom('Ben Okoye');
	await expect(window.message('Now')).toBeInViewport();
	await expect(heard).toHaveText('');
});

test('what came while there was no connection is counted', async ({ open, person, t, watch }) => {
	watch.allow(/ERR_INTERNET_DISCONNECTED|WebSocket connection/);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await ben.send(room, 'Before');
	const window = await open(ana, `/rooms/${room.id}`);
	const heard = window.page.locator('section > [aria-live=polite].hidden-visually');
	await expect(window.message('Before')).toBeVisible();
	await ben.send(room, 'Live');
	await expect(heard).toHaveText('Ben Okoye: Live');
	await window.page.context().setOffline(true);
	await expect(window.page.getByText(t('connection.offline'))).toBeVisible();
	for (const text of ['One', 'Two']) await ben.send(room, text);
	await window.page.context().setOffline(false);
	await expect(window.message('Two')).toBeVisible();
	await expect(heard).toHaveText(/^2 /);
});

test('the day stays in sight at the top', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await fill([ben], room, 60);
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
	const window = await open(ana, `/rooms/${room.id}`);
	const today = window.timeline.getByText(window.t('timeline.today'), { exact: true });
	await expect(today).toBeInViewport();
	await expect(window.message('Message').last()).toBeVisible();
	await window.timeline.evaluate((log) => (log.scrollTop = log.scrollHeight / 2));
	await expect(today).toBeInViewport();
	// Whole: the header above it cuts nothing off.
	const log = await window.timeline.boundingBox();
	const chip = await today.boundingBox();
	expect(chip?.y).toBeGreaterThan((log?.y ?? 0) + 2);
});
