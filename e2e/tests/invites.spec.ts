import { PASSWORD, type Account, type Room } from '../support/account.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

const invite = (ana: Account, room: Room, more: object = {}) =>
	ana.call<{ url: string; code: string }>('POST', `/api/v1/chat/rooms/${room.id}/invites/`, more);

test(
	'an invite link shows its room, and lets in who signs up by it',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const room = await ana.group('Garden', [], { topic: 'Roses and more' });
		const { url } = await invite(ana, room, { max_uses: 1 });
		const window = await open(null, url);
		const { page } = window;
		await expect(page.getByRole('heading', { name: 'Garden' })).toBeVisible();
		await expect(page.getByText('Roses and more')).toBeVisible();
		await page.getByRole('link', { name: t('auth.sign_up') }).click();
		await window.signUp('marta', 'marta@example.org', PASSWORD);
		// The sign-up has spent the one use; the room opens all the same, unasked.
		await expect(window.heading('Garden')).toBeVisible();
		await expect(page).toHaveURL(new RegExp(`/rooms/${room.id}$`));
		await expect(window.composer).toBeVisible();
	},
);

test(
	'who has an account signs in, and is in the room',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		await person('Ben Okoye');
		const room = await ana.group('Garden');
		const { url } = await invite(ana, room);
		const window = await open(null, url);
		await window.page.getByRole('link', { name: t('auth.sign_in'), exact: true }).click();
		await window.signIn('benokoye', PASSWORD);
		await expect(window.heading('Garden')).toBeVisible();
	},
);

test('who is signed in is asked once', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Garden');
	const { url } = await invite(ana, room);
	const window = await open(ben, url);
	await expect(window.page.getByText(t('invite.as', { name: 'Ben Okoye' }))).toBeVisible();
	await window.page.getByRole('button', { name: t('invite.join', { name: 'Garden' }) }).click();
	await expect(window.heading('Garden')).toBeVisible();
	await expect(window.composer).toBeVisible();
});

test('an invite to a room that one is in leads straight there', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Garden', [ben]);
	const { url } = await invite(ana, room);
	const window = await open(ben, url);
	await expect(window.heading('Garden')).toBeVisible();
	await expect(window.page).toHaveURL(new RegExp(`/rooms/${room.id}$`));
	await expect(window.composer).toBeVisible();
});

test('an invite that is no longer good says so', async ({ open, person, watch, t }) => {
	watch.allow(refused(404));
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const { url, code } = await invite(ana, room);
	await ana.call('DELETE', `/api/v1/chat/rooms/${room.id}/invites/${code}/`);
	const window = await open(null, url);
	await expect(window.heading(t('invite.bad'))).toBeVisible();
	await window.page.getByRole('link', { name: t('invite.elsewhere') }).click();
	await expect(window.button('auth.sign_in')).toBeVisible();
});

test('an invitation is left without joining, and its title with it', async ({
	open,
	person,
	t,
}) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Garden');
	const path = `/api/v1/chat/rooms/${room.id}/invites/`;
	const { url } = await ana.call<{ url: string }>('POST', path, {});
	const window = await open(ben, url);
	await window.page.getByRole('link', { name: t('invite.elsewhere') }).click();
	await expect(window.page.getByText(t('rooms.empty')).first()).toBeVisible();
	await expect(window.page.locator('#svelte-announcer')).not.toContainText(t('invite.text'));
});
