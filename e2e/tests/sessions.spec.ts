import { PASSWORD } from '../support/account.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

test(
	'a session ended elsewhere leads to the sign-in page',
	{ tag: '@main' },
	async ({ open, person, watch, t }) => {
		watch.allow(refused(401), /WebSocket connection to/);
		const ana = await person('Ana Ruiz');
		const room = await ana.group('Garden');
		const window = await open(ana, `/rooms/${room.id}`);
		await expect(window.composer).toBeVisible();

		const elsewhere = await ana.again();
		const { results } = await elsewhere.call<{ results: { id: string; is_current: boolean }[] }>(
			'GET',
			'/api/v1/auth/sessions/',
		);
		for (const { id, is_current } of results) {
			if (!is_current) await elsewhere.call('DELETE', `/api/v1/auth/sessions/${id}/`);
		}
		await expect(window.page).toHaveURL(/\/sign-in\?next=/);
		await expect(window.page.getByText(t('auth.ended'))).toBeVisible();
		await expect(window.page.getByText('Garden')).toHaveCount(0);
	},
);

test('signing out in one tab signs out the other', async ({ open, person, watch, t }) => {
	// The second tab's socket ends before the news reaches the tab.
	watch.allow(refused(401), /WebSocket connection to/);
	const ana = await person('Ana Ruiz');
	await ana.group('Garden');
	const first = await open(ana);
	await expect(first.roomLine('Garden')).toBeVisible();
	const page = await first.page.context().newPage();
	await page.goto('/');
	await expect(page.getByRole('navigation', { name: t('rooms.title') })).toContainText('Garden');
	await first.signOut();
	await expect(first.page).toHaveURL(/\/sign-in$/);
	await expect(page).toHaveURL(/\/sign-in/);
	await expect(page.getByText('Garden')).toHaveCount(0);
});

test(
	'who signs out leads nobody into their rooms',
	{ tag: '@desktop' },
	async ({ open, person, watch }) => {
		watch.allow(refused(401), /WebSocket connection to/);
		const ana = await person('Ana Ruiz');
		const room = await ana.group('Garden');
		const window = await open(ana, `/rooms/${room.id}`);
		await expect(window.composer).toBeVisible();
		await window.signOut();
		await expect(window.page).toHaveURL(/\/sign-in$/);
	},
);

test('a new password ends the other sessions', async ({ open, person, watch }) => {
	watch.allow(refused(401), /WebSocket connection to/);
	const ana = await person('Ana Ruiz');
	const window = await open(ana);
	await expect(window.account).toBeVisible();
	const elsewhere = await ana.again();
	await elsewhere.call('POST', '/api/v1/auth/password/change/', {
		old_password: PASSWORD,
		new_password: 'Green-Ladder-52-Meadow',
	});
	await expect(window.page).toHaveURL(/\/sign-in$/);
	await window.signIn('anaruiz', 'Green-Ladder-52-Meadow');
	await expect(window.account).toBeVisible();
});
