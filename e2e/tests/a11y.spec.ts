import type { Locator } from '@playwright/test';
import type { Account } from '../support/account.ts';
import { picture } from '../support/files.ts';
import { excess, outline, stop, tooSmall, type Stop } from '../support/outline.ts';
import { expect, test } from '../support/test.ts';
import type { Window } from '../support/window.ts';

const SIGNED_OUT = ['/sign-in', '/sign-up', '/forgot', '/reset', '/verify', '/setup', '/invite/no'];
const NOBODY = '01900000-0000-7000-8000-000000000000';

/** A room with something of everything, and all pages there are. */
async function place(person: (name: string) => Promise<Account>) {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye with a remarkably long name that goes on');
	const room = await ana.group('Garden', [ben], { topic: 'Roses '.repeat(20) });
	const first = await ben.send(room, `# Roses\n\n## Red\n\n@anaruiz ${'wide'.repeat(60)}`);
	await ana.send(room, '```\n' + 'code '.repeat(60) + '\n```', { reply_to_id: first.id });
	const { buffer, mimeType } = picture('roses.png', 900, 300);
	const { id } = await ana.upload(`${'roses-'.repeat(12)}.png`, mimeType, buffer);
	await ana.send(room, 'A picture', { attachment_ids: [id] });
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/pins/`, { message_id: first.id });
	const panels = ['details', 'members', 'search', 'pins', 'files', `thread&of=${first.id}`];
	const settings = ['profile', 'account', 'privacy', 'devices', 'appearance'];
	const paths = [
		'/',
		'/browse',
		'/search?q=roses',
		'/friends',
		`/people/${ben.id}`,
		`/people/${NOBODY}`,
		'/settings',
		...settings.map((name) => `/settings/${name}`),
		`/rooms/${NOBODY}`,
		`/rooms/${room.id}`,
		...panels.map((name) => `/rooms/${room.id}?panel=${name}`),
	];
	return { ana, ben, room, paths };
}

/** Goes to a page, and waits until it says what it is about. */
async function visit({ page, t }: Window, path: string): Promise<void> {
	await page.goto(path);
	// A heading that somebody has written is none of the page's.
	const own = page.locator(':not(.message-html *)');
	await expect(page.getByRole('heading', { level: 1 }).and(own), path).toHaveCount(1);
	for (const key of [
		'room.loading',
		'message.loading',
		'browse.loading',
		'timeline.loading',
	] as const)
		await expect(page.getByText(t(key), { exact: true })).toHaveCount(0);
}

test('every page has one main part, one first heading, and no step left out', async ({
	open,
	person,
	watch,
}) => {
	test.slow();
	watch.allow(/status of 40[04] /);
	const { ana, paths } = await place(person);
	const nobody = await open(null, '/sign-in');
	for (const path of [...SIGNED_OUT, '/no/such/page']) {
		await visit(nobody, path);
		expect.soft(await outline(nobody.page), path).toEqual([]);
	}
	const window = await open(ana);
	for (const path of paths) {
		await visit(window, path);
		expect.soft(await outline(window.page), path).toEqual([]);
	}
});

test('at 400 % nothing sticks out at the side', async ({ open, person, watch }) => {
	test.slow();
	watch.allow(/status of 40[04] /);
	const { ana, paths } = await place(person);
	const nobody = await open(null, '/sign-in');
	await nobody.page.setViewportSize({ width: 320, height: 256 });
	for (const path of [...SIGNED_OUT, '/no/such/page']) {
		await visit(nobody, path);
		expect.soft(await excess(nobody.page), path).toEqual([]);
	}
	const window = await open(ana);
	await window.page.setViewportSize({ width: 320, height: 256 });
	for (const path of paths) {
		await visit(window, path);
		expect.soft(await excess(window.page), path).toEqual([]);
	}
});

test('at 400 % dialogs fit, and their buttons can be reached', async ({ open, person, t }) => {
	const { ana, room } = await place(person);
	const window = await open(ana);
	const { page, dialog } = window;
	await page.setViewportSize({ width: 320, height: 256 });
	for (const key of ['rooms.new_chat', 'rooms.new_group'] as const) {
		await window.button(key).click();
		await expect(dialog).toBeVisible();
		expect.soft(await excess(page), key).toEqual([]);
		await window.button('action.close', dialog).click();
	}
	await page.goto(`/rooms/${room.id}?panel=details`);
	await window.button('room.edit', window.panel).click();
	expect.soft(await excess(page), 'editing the room').toEqual([]);
	await window.button('action.cancel', dialog).click();
	await expect(dialog).toHaveCount(0);
	await page.goto(`/rooms/${room.id}`);
	await window.message('A picture').focus();
	await page.keyboard.press('Shift+F10');
	await expect(window.actions).toBeVisible();
	expect.soft(await excess(page), 'menu').toEqual([]);
	await window.button('message.delete', window.actions).click();
	await expect(window.message(t('message.deleted'))).toBeVisible();
});

test('the keyboard skips to the content', { tag: '@desktop' }, async ({ open, person, t }) => {
	const { ana, room } = await place(person);
	const window = await open(ana, `/rooms/${room.id}`);
	const { page } = window;
	await expect(window.message('A picture')).toBeVisible();
	const skip = page.getByRole('link', { name: t('app.skip') });
	// Where Tab begins on a page that has not set the focus.
	await skip.focus();
	await expect(skip).toBeInViewport();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('main')).toBeFocused();
});

for (const colorScheme of ['light', 'dark'] as const) {
	test(
		`Tab goes through a room in order, and shows where it is, ${colorScheme}`,
		{ tag: '@desktop' },
		async ({ open, person, t }) => {
			const { ana, room } = await place(person);
			const window = await open(ana, `/rooms/${room.id}`);
			const { page } = window;
			await page.emulateMedia({ colorScheme });
			await expect(window.message('A picture')).toBeVisible();
			await page.getByRole('link', { name: t('app.skip') }).focus();
			const stops: Stop[] = [await stop(page)];
			for (let presses = 0; presses < 60; presses++) {
				await page.keyboard.press('Tab');
				if (await page.evaluate(() => document.activeElement === document.body)) break;
				stops.push(await stop(page));
			}
			expect(stops.filter(({ shown }) => !shown)).toEqual([]);
			expect(stops.filter(({ name }) => name === '')).toEqual([]);
			const places = stops.map((one) => one.place).filter((one, at, all) => one !== all[at - 1]);
			expect(places).toEqual(['', 'sidebar', 'head', 'timeline', 'composer']);
			// A room in the list and a message are one stop each, whatever their number.
			expect(stops.length).toBeLessThan(30);
		},
	);
}

test('every dialog gives the focus back', { tag: '@desktop' }, async ({ open, person, t }) => {
	test.slow();
	const { ana, ben, room } = await place(person);
	const direct = await ana.directChat(ben);
	const window = await open(ana, '/');
	const { page, dialog, panel } = window;

	/** By keyboard, as one does who needs to know where the focus is. */
	async function returns(opener: Locator, title: string): Promise<void> {
		await opener.focus();
		await page.keyboard.press('Enter');
		await expect(dialog, title).toBeVisible();
		await expect(dialog.locator(':focus'), `${title} takes it`).toHaveCount(1);
		await page.keyboard.press('Escape');
		await expect(dialog).toHaveCount(0);
		await expect(opener, title).toBeFocused();
	}

	await returns(window.button('rooms.new_chat'), 'new chat');
	await returns(window.button('rooms.new_group'), 'new group');
	for (const key of ['Control+k', '?']) {
		await window.roomLine('Garden').focus();
		await page.keyboard.press(key);
		await expect(dialog).toBeVisible();
		await page.keyboard.press('Escape');
		await expect(window.roomLine('Garden'), key).toBeFocused();
	}
	await window.account.focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('menuitem').first()).toBeFocused();
	await page.keyboard.press('Escape');
	await expect(window.account).toBeFocused();

	await page.goto(`/rooms/${room.id}?panel=details`);
	for (const key of [
		'room.edit',
		'invites.open',
		'rooms.clear',
		'room.leave',
		'room.close',
	] as const)
		await returns(window.button(key, panel), key);
	await page.goto(`/rooms/${room.id}?panel=members`);
	await expect(window.members).toHaveCount(2);
	for (const key of ['people.add', 'invites.open'] as const)
		await returns(window.button(key, panel), key);
	await returns(window.members.getByRole('link').last(), 'person');
	await page.goto(`/rooms/${direct.id}`);
	await returns(page.getByRole('main').getByRole('link', { name: /Ben Okoye/ }), 'head');

	await page.goto(`/rooms/${room.id}`);
	const message = window.message('A picture');
	await returns(message.getByRole('button', { name: t('message.picture') }), 'picture');
	for (const key of ['message.reads', 'reaction.more'] as const) {
		await message.focus();
		await page.keyboard.press('Shift+F10');
		await window.button(key, window.actions).click();
		await expect(dialog).toBeVisible();
		await page.keyboard.press('Escape');
		await expect(dialog).toHaveCount(0);
		await expect(message, key).toBeFocused();
	}
	await page.goto('/settings/account');
	await returns(window.button('account.delete.open'), 'deleting the account');
});

test('forced colours leave every state to be seen', async ({ open, person, t }) => {
	const { ana, room } = await place(person);
	const window = await open(ana, `/rooms/${room.id}?panel=details`);
	const { page, panel } = window;
	await page.emulateMedia({ forcedColors: 'active' });
	const pin = panel.getByRole('switch', { name: t('rooms.pin') });
	const look = (part: '::before' | null) =>
		pin.evaluate((one, pseudo) => {
			const { backgroundColor, borderColor, translate } = getComputedStyle(one, pseudo);
			return [backgroundColor, borderColor, translate].join();
		}, part);
	const off = await look('::before');
	expect(await pin.evaluate((one) => getComputedStyle(one, '::before').backgroundColor)).not.toBe(
		await pin.evaluate((one) => getComputedStyle(one).backgroundColor),
	);
	await pin.check();
	await expect.poll(() => look('::before')).not.toBe(off);
	await page.goto(`/rooms/${room.id}?panel=files`);
	const outlined = (one: Locator) =>
		one.evaluate((element) => getComputedStyle(element).outlineStyle !== 'none');
	expect(await outlined(panel.getByRole('tab', { selected: true }))).toBe(true);
	expect(await outlined(panel.getByRole('tab', { selected: false }).first())).toBe(false);
	if (!window.touch) expect(await outlined(window.roomLine('Garden'))).toBe(true);
});

test('who wants no motion sees none', async ({ open, person }) => {
	const { ana, ben, room } = await place(person);
	const his = await open(ben, `/rooms/${room.id}`);
	const window = await open(ana, `/rooms/${room.id}`);
	const { page } = window;
	const moving = () =>
		page.evaluate(() =>
			document
				.getAnimations()
				.filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 1)
				.map((one) => (one instanceof CSSAnimation ? one.animationName : one.constructor.name)),
		);
	await expect(window.message('A picture')).toBeVisible();
	await his.composer.pressSequentially('I am');
	await expect(page.locator('.dots')).toBeVisible();
	expect(await moving()).toEqual([]);
	await window.menu(window.message('A picture'));
	expect(await moving()).toEqual([]);
	await page.keyboard.press('Escape');
	await window.button('room.details').click();
	expect(await moving()).toEqual([]);
});

test('what can be touched is as large as a finger', async ({ open, person, watch }) => {
	watch.allow(/status of 404 /);
	const { ana, paths } = await place(person);
	const window = await open(ana);
	test.skip(!window.touch, 'a mouse is more exact');
	const { page } = window;
	for (const path of paths) {
		await visit(window, path);
		expect.soft(await tooSmall(page), path).toEqual([]);
	}
});
