import { PASSWORD } from '../support/account.ts';
import { document } from '../support/files.ts';
import { kept, keptFiles } from '../support/kept.ts';
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

test('what was never sent waits for whoever’s session was ended elsewhere, and nothing else does', async ({
	open,
	person,
	watch,
}) => {
	// Who comes in next does not see the room that was open.
	watch.allow(refused(401), refused(404), /WebSocket connection to/, /ERR_FAILED/);
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	await ana.send(room, 'For your eyes only');
	const window = await open(ana, `/rooms/${room.id}`);
	const { page } = window;
	await expect(window.message('For your eyes only')).toBeVisible();
	await expect.poll(() => kept(window)).toContain('For your eyes only');
	await page.route('**/api/v1/chat/uploads/', (route) => route.abort());
	await page.locator('input[data-files]').setInputFiles([document('notes.txt')]);
	await expect.poll(() => keptFiles(window)).toEqual(['notes.txt']);
	await page.evaluate((id) => localStorage.setItem(`charla.searches.${id}`, '["secret"]'), ana.id);

	const elsewhere = await ana.again();
	await elsewhere.call('POST', '/api/v1/auth/password/change/', {
		old_password: PASSWORD,
		new_password: 'Green-Ladder-52-Meadow',
	});
	await expect(page).toHaveURL(/\/sign-in/);
	await expect.poll(() => kept(window)).toBe('[[],[]]');
	const keys = () => page.evaluate(() => Object.keys(localStorage));
	await expect
		.poll(async () => (await keys()).filter((key) => key.includes(ana.id)))
		.toEqual([expect.stringContaining(`charla.kept.${ana.id}.${room.id}.`)]);
	expect(await keptFiles(window)).toEqual(['notes.txt']);
	// Somebody else at this browser sees nothing of it.
	const ben = await person('Ben Okoye');
	await ben.group('Harbour');
	await window.signIn('benokoye', PASSWORD);
	await window.toRooms();
	await window.openRoom('Harbour');
	await expect(page.getByText('notes.txt')).toHaveCount(0);
	await window.toRooms();
	await window.signOut();
	await window.signIn('anaruiz', 'Green-Ladder-52-Meadow');
	await window.openRoom('Garden');
	await expect(page.getByText('notes.txt')).toBeVisible();
});

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
