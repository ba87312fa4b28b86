import { PASSWORD } from '../support/account.ts';
import { check } from '../support/axe.ts';
import { MAILS } from '../support/server.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

test('axe finds nothing on the ways into an account', async ({ open, person, watch, t }) => {
	test.slow();
	watch.allow(refused(400), refused(404));
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden', [], { topic: 'Roses and more' });
	const { code } = await ana.call<{ code: string }>(
		'POST',
		`/api/v1/chat/rooms/${room.id}/invites/`,
		{},
	);
	const window = await open(null, `/invite/${code}`);
	const { page } = window;
	await expect(page.getByText('Roses and more')).toBeVisible();
	await check(window, 'invite');
	await page.goto('/invite/none');
	await expect(window.heading(t('invite.bad'))).toBeVisible();
	await check(window, 'invite no longer good');
	await page.goto('/sign-up?invite=none');
	await window.signUp('an', 'marta@example.org', 'password1');
	await expect(page.getByRole('alert')).toBeVisible();
	await check(window, 'sign-up with faults');
	await page.goto('/forgot');
	await expect(window.button('forgot.send')).toBeVisible();
	await check(window, 'forgotten password');
	await page.getByLabel(t('field.email')).fill('ana@example.org');
	await window.button('forgot.send').click();
	await expect(window.heading(t('forgot.sent'))).toBeVisible();
	await check(window, 'link sent');
	await page.goto('/reset#token=none');
	await page.getByLabel(t('reset.password')).fill(PASSWORD);
	await check(window, 'new password');
	await window.button('reset.save').click();
	await expect(window.heading(t('reset.bad'))).toBeVisible();
	await check(window, 'link no longer good');
	await page.goto('/verify#token=none');
	await expect(window.heading(t('verify.bad'))).toBeVisible();
	await check(window, 'verification failed');
});

test.describe('where an address has to be verified first', () => {
	test.use({ settings: { ...MAILS, REQUIRE_VERIFIED_EMAIL: 'true' } });

	test('axe finds nothing while the link is waited for', async ({ open, watch, t }) => {
		watch.allow(refused(403), /WebSocket connection to/);
		const window = await open(null, '/sign-up');
		await window.signUp('marta', 'marta@example.org', PASSWORD);
		await expect(window.heading(t('verify.first'))).toBeVisible();
		await window.button('verify.change').click();
		await check(window, 'verify first');
	});
});

test('axe finds nothing on people and friends', async ({ open, person, watch, t }) => {
	test.slow();
	watch.allow(refused(404), refused(403));
	const ana = await person('Ana Ruiz');
	const [ben, cora, dan, eva] = [
		await person('Ben Okoye'),
		await person('Cora Lind'),
		await person('Dan Novak'),
		await person('Eva Moss'),
	];
	const ask = (from: typeof ana, to: typeof ana) =>
		from.call('POST', '/api/v1/friends/requests/', { user_id: to.id });
	await ask(ana, ben);
	await ask(ben, ana);
	await ask(cora, ana);
	await ask(ana, dan);
	await dan.call('PATCH', '/api/v1/users/me/', { settings: { direct_messages: 'friends' } });
	await ana.call('POST', '/api/v1/blocks/', { user_id: eva.id });
	await ben.call('PATCH', '/api/v1/users/me/', { bio: 'Grows roses.' });

	const window = await open(ana, '/friends');
	const { page, dialog } = window;
	await expect(page.getByRole('region', { name: t('friends.incoming') })).toBeVisible();
	await page.getByRole('searchbox', { name: t('friends.find') }).fill('o');
	await expect(page.getByRole('list', { name: t('people.results') })).toBeVisible();
	await check(window, 'friends');
	await page.goto(`/people/${ben.id}`);
	await expect(page.getByText(t('person.friends'))).toBeVisible();
	await check(window, 'a friend');
	await window.choose(window.button('person.more'), 'person.block');
	await expect(dialog).toBeVisible();
	await check(window, 'blocking');
	await page.keyboard.press('Escape');
	await window.button('person.more').click();
	await check(window, 'what else can be done');
	await page.keyboard.press('Escape');
	for (const [who, what] of [
		[cora, t('person.incoming', { name: 'Cora Lind' })],
		[dan, t('person.outgoing', { name: 'Dan Novak' })],
		[eva, t('person.blocked', { name: 'Eva Moss' })],
	] as const) {
		await page.goto(`/people/${who.id}`);
		await expect(page.getByText(what)).toBeVisible();
		await check(window, what);
	}
	await page.goto(`/people/${dan.id}`);
	await window.button('person.message').click();
	await expect(page.getByRole('alert')).toBeVisible();
	await check(window, 'refused');
	await page.goto('/people/0198c7c5-0000-7000-8000-000000000000');
	await expect(page.getByText(t('person.missing.text'))).toBeVisible();
	await check(window, 'nobody there');
	await page.goto('/');
	await window.button('rooms.new_chat').click();
	await expect(dialog.getByRole('list', { name: t('people.suggested') })).toBeVisible();
	await check(window, 'new chat with friends');
});

test(
	'axe finds nothing in a profile over the page, nor where there are no friends',
	{
		tag: '@desktop',
	},
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const window = await open(ana, '/friends');
		await expect(window.page.getByText(t('friends.empty'))).toBeVisible();
		await check(window, 'no friends');
		await window.choose(window.account, 'account.own_profile');
		await expect(window.dialog).toContainText('@anaruiz');
		await check(window, 'own profile');
	},
);
