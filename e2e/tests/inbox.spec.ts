import type { Locator } from '@playwright/test';
import type { Account, Room } from '../support/account.ts';
import { expect, test } from '../support/test.ts';
import type { Window } from '../support/window.ts';

const entries = ({ page }: Window): Locator => page.locator('[data-inbox]');
const unread = ({ page }: Window): Locator => page.locator('[data-inbox].unread');
/** How much the line above the rooms says is new. */
const count = ({ page }: Window): Locator => page.locator('.sidebar [data-count]');
const line = (window: Window): Locator =>
	window.page
		.getByRole('navigation', { name: window.t('inbox.title'), exact: true })
		.getByRole('link');

const answer = (from: Account, room: Room, content: string, reply_to_id: string) =>
	from.send(room, content, { reply_to_id });
const ask = (from: Account, to: Account) =>
	from.call('POST', '/api/v1/friends/requests/', { user_id: to.id });
const read = (who: Account, room: Room) =>
	who.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);

test(
	'mentions, replies and requests, the newest first, lead to where they are, and are read on every device',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const cora = await person('Cora Lind');
		const garden = await ana.group('Garden', [ben, cora]);
		const direct = await ana.directChat(ben);
		const his = await ben.send(garden, 'Who waters today?');
		await ana.send(garden, '@benokoye, an old one');
		await read(ben, garden);
		await ana.send(garden, 'Nothing for him');
		const called = await ana.send(garden, 'I thought of **@benokoye**');
		await ask(cora, ben);
		const reply = await answer(cora, garden, 'I do', his.id);
		await ana.send(direct, 'Look, @benokoye');

		const one = await open(ben);
		const other = await open(await ben.again(), '/inbox');
		// All that is new, though the inbox has not been opened here.
		await expect(count(one)).toHaveAttribute('data-count', '4');
		await line(one).click();
		await expect(one.heading(t('inbox.title'))).toBeVisible();
		for (const window of [one, other]) {
			await expect(entries(window)).toHaveText([
				new RegExp(`Ana Ruiz.*${t('inbox.mentioned')}.*Look, @benokoye`, 's'),
				new RegExp(
					`Cora Lind.*${t('inbox.replied_in', { room: 'Garden' })}.*${t('inbox.yours', { text: 'Who waters today' })}.*I do`,
					's',
				),
				new RegExp(`Cora Lind.*${t('inbox.requested')}`, 's'),
				new RegExp(`${t('inbox.mentioned_in', { room: 'Garden' })}.*I thought of @benokoye`, 's'),
				/an old one/,
			]);
			await expect(unread(window)).toHaveCount(4);
			await expect(entries(window).last()).not.toContainText(t('inbox.unread'));
		}

		await entries(one).filter({ hasText: 'I thought of' }).click();
		await expect(one.page).toHaveURL(`/rooms/${garden.id}?message=${called.id}`);
		await expect(one.message('I do')).toBeInViewport();
		await expect(unread(other)).toHaveCount(2);
		await expect(entries(other).filter({ hasText: 'I do' })).not.toContainText(t('inbox.unread'));
		await one.page.goBack();
		await expect(unread(one)).toHaveCount(2);
		await entries(one).filter({ hasText: 'I do' }).click();
		await expect(one.page).toHaveURL(`/rooms/${garden.id}?message=${reply.id}`);
	},
);

test(
	'what happens shows at once: it comes, changes, goes',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const garden = await ana.group('Garden', [ben]);
		const loud = await ana.group('Loud', [ben]);
		await ben.call('PATCH', `/api/v1/chat/rooms/${loud.id}/preferences/`, {
			muted_until: '2099-01-01T00:00:00.000Z',
		});
		const his = await ben.send(garden, 'Who waters today?');
		const window = await open(ben, '/inbox');
		await expect(window.page.getByText(t('inbox.empty.text'))).toBeVisible();
		const first = await ana.send(garden, 'Hello @benokoye');
		const reply = await answer(ana, garden, 'I do', his.id);
		await ana.send(garden, '@room, all of you');
		await expect(entries(window)).toHaveText([
			new RegExp(t('inbox.mentioned_all', { room: 'Garden' })),
			/I do/,
			/Hello @benokoye/,
		]);
		await expect(unread(window)).toHaveCount(3);
		const path = (id: string) => `/api/v1/chat/messages/${id}/`;
		await ana.call('PATCH', path(first.id), { content: 'Hello everybody' });
		await expect(entries(window)).toHaveText([/all of you/, /I do/]);
		await ana.call('PATCH', path(reply.id), { content: 'I do, at six' });
		await expect(entries(window).nth(1)).toContainText('I do, at six');
		await ana.call('DELETE', path(reply.id));
		await expect(entries(window)).toHaveText([/all of you/]);
		await ana.send(loud, '@benokoye, in a muted room');
		await expect(entries(window)).toHaveCount(2);
		// On a phone the line stands on another page.
		if (!window.touch) await expect(count(window)).toHaveAttribute('data-count', '1');

		await ana.call('POST', '/api/v1/friends/requests/', { user_id: ben.id });
		const request = window.page.locator('li', { has: window.page.locator('[data-inbox=request]') });
		await request
			.getByRole('button', { name: t('friends.accept_named', { name: 'Ana Ruiz' }) })
			.click();
		await expect(request).toHaveCount(0);
		await expect(window.page.getByText(t('friends.accepted', { name: 'Ana Ruiz' }))).toBeVisible();
		// The focus has not been lost with the button.
		await expect(entries(window).first()).toBeFocused();
	},
);

test('its kinds stand in one row', async ({ open, person, t }) => {
	const window = await open(await person('Ana Ruiz'), '/inbox');
	const kinds = window.page.getByRole('navigation', { name: t('inbox.show') }).getByRole('link');
	await expect(kinds).toHaveCount(4);
	const tops = await kinds.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
	expect(new Set(tops).size).toBe(1);
});

test('one kind at a time, by keyboard', { tag: '@desktop' }, async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const garden = await ana.group('Garden', [ben]);
	const his = await ben.send(garden, 'Who waters today?');
	await answer(ana, garden, 'I do', his.id);
	await ask(ana, ben);
	const called = await ana.send(garden, 'Thanks to @benokoye');
	const window = await open(ben, `/rooms/${garden.id}`);
	const { page } = window;
	await expect(window.composer).toBeFocused();
	await page.keyboard.press('Control+Shift+M');
	await expect(entries(window)).toHaveCount(3);
	const filter = page.getByRole('navigation', { name: t('inbox.show') });
	await filter.getByRole('link', { name: t('inbox.show.requests') }).focus();
	await page.keyboard.press('Enter');
	await expect(entries(window)).toHaveText([/Ana Ruiz/]);
	await expect(filter.locator('[aria-current]')).toBeFocused();
	await filter.getByRole('link', { name: t('inbox.show.replies') }).click();
	await expect(entries(window)).toHaveText([/I do/]);
	await filter.getByRole('link', { name: t('inbox.show.mentions') }).click();
	await expect(entries(window)).toHaveText([/Thanks to/]);
	await filter.getByRole('link', { name: t('inbox.show.all') }).click();

	// Tab leads to one entry, the arrows from there on.
	await filter.getByRole('link').last().focus();
	await page.keyboard.press('Tab');
	await expect(entries(window).nth(0)).toBeFocused();
	await page.keyboard.press('ArrowDown');
	await expect(entries(window).nth(1)).toBeFocused();
	await page.keyboard.press('Tab');
	await expect(
		page.getByRole('button', { name: t('friends.accept_named', { name: 'Ana Ruiz' }) }),
	).toBeFocused();
	await page.keyboard.press('End');
	await expect(entries(window).nth(2)).toBeFocused();
	await page.keyboard.press('Home');
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(`/rooms/${garden.id}?message=${called.id}`);
});

test(
	'the switcher and the sheet know the inbox and the settings',
	{
		tag: ['@main', '@desktop'],
	},
	async ({ open, person, t }) => {
		const window = await open(await person('Ana Ruiz'));
		const { page, dialog } = window;
		await expect(window.account).toBeVisible();
		for (const [words, title] of [
			['inbox.title', 'inbox.title'],
			['settings.title', 'settings.profile'],
		] as const) {
			await page.keyboard.press('Control+k');
			await dialog.getByRole('combobox').fill(t(words));
			await expect(dialog.getByRole('option', { selected: true })).toHaveText(t(words));
			await page.keyboard.press('Enter');
			await expect(window.heading(t(title))).toBeVisible();
		}
		await page.keyboard.press('?');
		await expect(dialog.getByText(t('shortcuts.inbox'))).toBeVisible();
	},
);

test('it goes further back, and has replies however much was said since', async ({
	open,
	person,
}) => {
	test.slow();
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const garden = await ana.group('Garden', [ben]);
	const his = await ben.send(garden, 'Who waters today?');
	await answer(ana, garden, 'Long ago', his.id);
	for (let at = 1; at <= 60; at++) await ana.send(garden, `@benokoye, number ${at}`);
	const talk = Array.from({ length: 200 }, (_, at) => ana.send(garden, `Talk ${at}`));
	await Promise.all(talk);
	const window = await open(ben, '/inbox');
	await expect(entries(window)).toHaveCount(51);
	await expect(entries(window).last()).toContainText('Long ago');
	await window.button('inbox.more').click();
	await expect(entries(window)).toHaveCount(61);
	await expect(entries(window).last()).toContainText('Long ago');
	await expect(window.button('inbox.more')).toHaveCount(0);
});

test('where it can’t be loaded it says so, and tries again', async ({ open, person, watch, t }) => {
	watch.allow(/ERR_FAILED/);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const garden = await ana.group('Garden', [ben]);
	await ana.send(garden, 'Hello @benokoye');
	const window = await open(ben);
	await expect(window.account).toBeVisible();
	await window.page.route('**/chat/mentions/**', (route) => route.abort());
	await line(window).click();
	await expect(window.page.getByText(t('inbox.failed'))).toBeVisible();
	await window.page.unrouteAll();
	await window.button('action.retry').click();
	await expect(entries(window)).toHaveText([/Hello @benokoye/]);
	await expect(window.page.getByText(t('inbox.failed'))).toHaveCount(0);
});
