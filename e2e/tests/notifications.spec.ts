import type { Page } from '@playwright/test';
import type { Account } from '../support/account.ts';
import {
	allowNotices,
	appBadgeIn,
	askedIn,
	isTelling,
	noticesIn,
	openNoticesIn,
	setHidden,
	tapLastNotice,
	tonesIn,
} from '../support/notices.ts';
import { chromium } from '../support/chromium.ts';
import { expect, test } from '../support/test.ts';
import type { Window } from '../support/window.ts';

// What the browser shows of them needs the whole browser.
test.use({ launchOptions: chromium });

const ON = { desktop: true, content: true, sound: true, sound_here: false };

/** The same window, allowed to show notices. */
async function allow(window: Window, settings: object = ON): Promise<Window> {
	await allowNotices(window.page.context(), { settings });
	await window.page.reload();
	return window;
}

const ready = ({ page }: Window) => expect.poll(() => isTelling(page)).toBe(true);

const mute = (who: Account, room: { id: string }, preferences: object) =>
	who.call('PATCH', `/api/v1/chat/rooms/${room.id}/preferences/`, preferences);

test(
	'what is unread stands in the title, the sign and on the app; mentions before all',
	{ tag: '@main' },
	async ({ open, person }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const garden = await ana.group('Garden', [ben]);
		const loud = await ana.group('Loud', [ben]);
		await mute(ben, loud, { muted_until: '2099-01-01T00:00:00.000Z' });
		const his = await allow(await open(ben));
		const { page } = his;
		const sign = page.locator('link[rel="icon"]');
		await expect(his.roomLine('Loud')).toBeVisible();
		await expect(page).toHaveTitle(/^[^(]+ · Charla$/);
		await expect(sign).toHaveAttribute('href', /mark\.svg$/);

		await ana.send(loud, '@benokoye, do you hear this?');
		await ana.send(garden, 'Roses');
		await expect(page).toHaveTitle(/^\(1\) /);
		await expect(sign).toHaveAttribute('href', /^data:image\/svg\+xml,/);
		await expect(sign).not.toHaveAttribute('href', /text-anchor/);
		expect(await appBadgeIn(page)).toBe(1);

		await ana.send(garden, 'What do you say, @benokoye?');
		await expect(page).toHaveTitle(/^\(@1\) /);
		await expect(sign).toHaveAttribute('href', /text-anchor/);
		await expect.poll(() => appBadgeIn(page)).toBe(2);

		await his.openRoom('Garden');
		await expect(page).toHaveTitle('Garden · Charla');
		await expect(sign).toHaveAttribute('href', /mark\.svg$/);
		await expect.poll(() => appBadgeIn(page)).toBe(0);
	},
);

test(
	'the browser is asked by a button alone, and the choices are kept',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const window = await open(await person('Ana Ruiz'));
		const { page } = window;
		await allowNotices(page.context(), { undecided: true });
		await page.goto('/settings/notifications');
		const button = window.button('notifications.turn_on');
		await expect(button).toBeVisible();
		expect(await askedIn(page)).toBe(0);
		await button.click();
		const show = page.getByRole('switch', { name: t('notifications.show') });
		await expect(show).toBeChecked();
		await expect(show).toBeFocused();
		expect(await askedIn(page)).toBe(1);

		await window.button('notifications.try').click();
		await expect.poll(async () => (await noticesIn(page)).length).toBe(1);
		const content = page.getByRole('switch', { name: t('notifications.content') });
		await content.uncheck();
		await page.getByRole('switch', { name: t('notifications.sound.here') }).check();
		await window.button('notifications.sound.try').click();
		await expect.poll(() => tonesIn(page)).toBe(2);
		expect(await page.evaluate(() => localStorage.getItem('charla.notifications'))).toBe(
			JSON.stringify({ ...ON, content: false, sound_here: true }),
		);
		await page.getByRole('switch', { name: t('notifications.sound.on') }).uncheck();
		await expect(page.getByRole('switch', { name: t('notifications.sound.here') })).toBeDisabled();
	},
);

test('where the browser refuses, the page says what to do', async ({ open, person, t }) => {
	const window = await open(await person('Ana Ruiz'));
	const { page } = window;
	await page.context().addInitScript(() => {
		Object.defineProperty(Notification, 'permission', { get: () => 'denied' });
	});
	await page.goto('/settings/notifications');
	await expect(page.getByText(t('notifications.denied'))).toBeVisible();
	await expect(window.button('notifications.turn_on')).toHaveCount(0);
});

test(
	'a notice tells of another room, and leads to the message',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const garden = await ana.group('Garden', [ben]);
		const direct = await ana.directChat(ben);
		const his = await allow(await open(ben, `/rooms/${direct.id}`));
		const { page } = his;
		await ready(his);
		// Of what one sees come, of what one says oneself, and of what the room tells itself: nothing.
		await ana.send(direct, 'You see this');
		await ben.send(garden, 'My own');
		await expect(his.message('You see this')).toBeVisible();
		const called = await ana.send(garden, '@benokoye, the **roses**');
		const notice = t('notifications.mentioned_in', { name: 'Ana Ruiz', room: 'Garden' });
		await expect.poll(() => openNoticesIn(page)).toEqual([`${notice}: @benokoye, the roses`]);

		await tapLastNotice(page);
		await expect(page).toHaveURL(`/rooms/${garden.id}?message=${called.id}`);
		await expect(his.message('@benokoye, the')).toBeInViewport();
		await expect.poll(() => openNoticesIn(page)).toEqual([]);

		// With the page out of sight also of the room that it shows; back there, it goes.
		await setHidden(page, true);
		await ana.send(garden, 'Tulips');
		const where = t('notifications.in_room', { name: 'Ana Ruiz', room: 'Garden' });
		await expect.poll(() => openNoticesIn(page)).toEqual([`${where}: Tulips`]);
		await setHidden(page, false);
		await expect.poll(() => openNoticesIn(page)).toEqual([]);

		// A worker says it by a message.
		await page.evaluate(
			(data) => navigator.serviceWorker.dispatchEvent(new MessageEvent('message', { data })),
			{ type: 'open', path: `/rooms/${direct.id}` },
		);
		await expect(his.heading('Ana Ruiz')).toBeVisible();
		await page.evaluate(
			(data) => navigator.serviceWorker.dispatchEvent(new MessageEvent('message', { data })),
			{ type: 'open', path: `/rooms/${garden.id}?message=${called.id}` },
		);
		await expect(his.message('@benokoye, the')).toBeInViewport();
	},
);

test('a room tells what it was told to', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const groups = {
		calls: await ana.group('Calls', [ben]),
		silent: await ana.group('Silent', [ben]),
		muted: await ana.group('Muted', [ben]),
		all: await ana.group('Everything', [ben]),
	};
	await mute(ben, groups.calls, { notify: 'mentions' });
	await mute(ben, groups.silent, { notify: 'nothing' });
	await mute(ben, groups.muted, { muted_until: '2099-01-01T00:00:00.000Z' });
	const his = await allow(await open(ben), { ...ON, content: false });
	await ready(his);
	for (const group of Object.values(groups)) {
		await ana.send(group, 'Hello');
		await ana.send(group, 'Hello @benokoye');
	}
	const titles = async () => (await noticesIn(his.page)).map(({ title }) => title);
	const of = (key: 'in_room' | 'mentioned_in', room: string) =>
		t(`notifications.${key}`, { name: 'Ana Ruiz', room });
	await expect
		.poll(titles)
		.toEqual([
			of('mentioned_in', 'Calls'),
			of('in_room', 'Everything'),
			of('mentioned_in', 'Everything'),
		]);
	// What was written is nobody else's to see.
	for (const { body } of await noticesIn(his.page)) expect(body).toBe(t('notifications.message'));

	await his.page.goto('/settings/notifications');
	const quiet = his.page.getByRole('region', { name: t('notifications.rooms') });
	await expect(quiet.getByRole('link')).toHaveCount(3);
	await expect(quiet).toContainText(t('rooms.notify.nothing'));
});

/** How many tabs tell, and how many wait to. */
const tellers = (page: Page) =>
	page.evaluate(async () => {
		const { held = [], pending = [] } = await navigator.locks.query();
		const ours = (all: LockInfo[]) =>
			all.filter(({ name }) => name?.startsWith('charla.notices.')).length;
		return [ours(held), ours(pending)];
	});

test('of many tabs one tells, and none of a room that one of them shows', async ({
	open,
	person,
}) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const garden = await ana.group('Garden', [ben]);
	const harbour = await ana.group('Harbour', [ben]);
	const his = await allow(await open(ben));
	await ready(his);
	const second = await his.page.context().newPage();
	await second.goto(`/rooms/${harbour.id}`);
	await expect(second.getByRole('log')).toBeVisible();
	await expect.poll(() => tellers(second)).toEqual([1, 1]);
	const both = async () => [...(await noticesIn(his.page)), ...(await noticesIn(second))];
	await ana.send(garden, 'Roses');
	await expect.poll(async () => (await both()).map(({ body }) => body)).toEqual(['Roses']);
	await ana.send(harbour, 'Boats');
	await expect(second.getByText('Boats', { exact: true }).first()).toBeVisible();
	await ana.send(garden, 'Tulips');
	await expect
		.poll(async () => (await both()).map(({ body }) => body))
		.toEqual(['Roses', 'Tulips']);

	// The first one goes: the other one tells.
	await his.page.close();
	await expect.poll(() => tellers(second)).toEqual([1, 0]);
	await ana.send(garden, 'Lilies');
	await expect
		.poll(async () => (await noticesIn(second)).map(({ body }) => body))
		.toEqual(['Lilies']);
});

test('a notice goes where its room is read elsewhere, or its message deleted', async ({
	open,
	person,
}) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const garden = await ana.group('Garden', [ben]);
	const his = await allow(await open(ben));
	await ready(his);
	await ana.send(garden, 'Roses');
	await expect.poll(async () => (await openNoticesIn(his.page)).length).toBe(1);
	await ben.call('POST', `/api/v1/chat/rooms/${garden.id}/mark_all_read/`);
	await expect.poll(() => openNoticesIn(his.page)).toEqual([]);
	const wrong = await ana.send(garden, 'The secret');
	await expect.poll(async () => (await openNoticesIn(his.page)).length).toBe(1);
	await ana.call('DELETE', `/api/v1/chat/messages/${wrong.id}/`);
	await expect.poll(() => openNoticesIn(his.page)).toEqual([]);
});

test('a sound is for what happens elsewhere; here only where it is wished', async ({
	open,
	person,
}) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const garden = await ana.group('Garden', [ben]);
	const harbour = await ana.group('Harbour', [ben]);
	const his = await allow(await open(ben, `/rooms/${garden.id}`), { ...ON, desktop: false });
	await ready(his);
	// A page in which nobody has done anything yet is kept silent.
	await his.composer.click();
	await ana.send(garden, 'Roses');
	await expect(his.message('Roses')).toBeVisible();
	expect(await tonesIn(his.page)).toBe(0);
	await ana.send(harbour, 'Boats');
	await expect.poll(() => tonesIn(his.page)).toBe(2);
	expect(await noticesIn(his.page)).toEqual([]);

	// Another tab changes the settings of both.
	const second = await his.page.context().newPage();
	await second.goto('/settings/notifications');
	await second.getByRole('switch', { name: his.t('notifications.sound.here') }).check();
	// Not at once after the one before: many messages make one sound.
	await expect(async () => {
		await ana.send(garden, 'Tulips');
		await expect.poll(() => tonesIn(his.page), { timeout: 1_000 }).toBeGreaterThan(2);
	}).toPass();
	await expect(his.message('Tulips').first()).toBeVisible();
});

test('a friend request is told, and leads to the inbox', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const his = await allow(await open(ben));
	const { page } = his;
	await ready(his);
	await ana.call('POST', '/api/v1/friends/requests/', { user_id: ben.id });
	const body = t('notifications.request.text', { name: 'Ana Ruiz' });
	await expect.poll(() => openNoticesIn(page)).toEqual([`${t('notifications.request')}: ${body}`]);
	await tapLastNotice(page);
	await expect(his.heading(t('inbox.title'))).toBeVisible();
	await expect(page.locator('[data-inbox="request"]')).toContainText('Ana Ruiz');
});

test('who signs out leaves no notice and no badge behind', async ({ open, person, watch }) => {
	watch.allow(/WebSocket connection to/);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const garden = await ana.group('Garden', [ben]);
	const his = await allow(await open(ben));
	await ready(his);
	await ana.send(garden, 'Roses');
	await expect.poll(async () => (await openNoticesIn(his.page)).length).toBe(1);
	await his.signOut();
	await expect(his.button('auth.sign_in')).toBeVisible();
	expect(await openNoticesIn(his.page)).toEqual([]);
	await expect(his.page.locator('link[rel="icon"]')).toHaveAttribute('href', /mark\.svg$/);
	expect(await appBadgeIn(his.page)).toBe(0);
});

test.describe('with a service worker', () => {
	test.use({ serviceWorkers: 'allow' });

	test('it shows the notices, which outlive the page', async ({ open, person }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const garden = await ana.group('Garden', [ben]);
		const his = await allow(await open(ben));
		const { page } = his;
		await ready(his);
		const standing = () =>
			page.evaluate(async () => {
				const registration = await navigator.serviceWorker.getRegistration();
				if (!registration?.active) return null;
				return (await registration.getNotifications()).map(({ body }) => body);
			});
		await expect.poll(standing, { timeout: 30_000 }).toEqual([]);
		await ana.send(garden, 'Roses');
		await expect.poll(standing).toEqual(['Roses']);
		const last = await ana.send(garden, 'Tulips');
		await expect.poll(standing).toEqual(['Tulips']);
		expect(await openNoticesIn(page)).toHaveLength(1);
		await tapLastNotice(page);
		await expect(page).toHaveURL(`/rooms/${garden.id}?message=${last.id}`);
		await expect.poll(standing).toEqual([]);
	});
});
