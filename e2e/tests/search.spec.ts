import type { Window } from '../support/window.ts';
import { expect, test } from '../support/test.ts';

const hits = (window: Window) =>
	window.page.getByRole('list', { name: window.t('search.results') }).getByRole('link');
const box = (window: Window) =>
	window.page.getByRole('searchbox', { name: window.t('search.label') });

/** To the search beside a room: by its button, or on a phone by the details. */
async function openSearch(window: Window) {
	if (window.touch) await window.openPanel('room.search');
	else await window.button('room.search').click();
	await expect(box(window)).toBeFocused();
}

test(
	'messages are found in a room and everywhere',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const garden = await ana.group('Garden', [ben]);
		const harbour = await ana.group('Harbour', [ben]);
		await ana.send(garden, 'The *red* roses bloom');
		await ben.send(garden, 'Roses <b>everywhere</b>');
		await ben.send(harbour, 'A boat named Rose');
		const window = await open(ana, `/rooms/${garden.id}`);
		await openSearch(window);
		await expect(window.panel.getByText(t('search.start'))).toBeVisible();

		await box(window).fill('rós');
		await expect(hits(window)).toHaveCount(2);
		await expect(hits(window).last().locator('mark')).toHaveText('roses');
		await expect(hits(window).first()).toContainText('<b>everywhere</b>');
		await window.button('search.everywhere').click();
		await expect(hits(window)).toHaveCount(3);
		await expect(hits(window).first()).toContainText('Harbour');

		await box(window).fill('roses from:benokoye');
		await expect(hits(window)).toHaveCount(1);
		await window.page
			.getByRole('button', { name: t('search.filter.remove', { filter: 'from:benokoye' }) })
			.click();
		await expect(box(window)).toHaveValue('roses');
		await expect(hits(window)).toHaveCount(2);
		await window.button('search.here').click();

		await box(window).fill('nothing of the kind');
		await expect(window.panel.getByText(t('search.none'))).toBeVisible();
		await box(window).fill('boat');
		await window.panel.getByRole('button', { name: t('search.none.everywhere') }).click();
		await expect(hits(window)).toHaveCount(1);
		await hits(window).click();
		await expect(window.heading('Harbour')).toBeVisible();
		await expect(window.page).toHaveURL(new RegExp(`/rooms/${harbour.id}\\?message=`));
		await expect(window.message('A boat named Rose')).toBeVisible();
	},
);

test(
	'filters are set without knowing their words, and searches kept',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const garden = await ana.group('Garden', [ben]);
		await ana.send(garden, 'Look at https://example.org/roses');
		await ben.send(garden, 'No roses here');
		const window = await open(ana, '/search');
		const { page } = window;
		await page.getByText(t('search.filters'), { exact: true }).click();
		await page.getByRole('button', { name: t('search.has.link') }).click();
		await expect(box(window)).toHaveValue('has:link');
		await expect(hits(window)).toHaveCount(1);
		await page.getByRole('button', { name: t('search.has.link'), exact: true }).click();
		await page.getByLabel(t('search.in'), { exact: true }).selectOption('Garden');
		const from = page.getByLabel(t('search.from'), { exact: true });
		await from.fill('me');
		await from.press('Enter');
		await expect(box(window)).toHaveValue('in:garden from:me');
		await expect(hits(window)).toHaveCount(1);
		await page.getByLabel(t('search.before')).fill('2020-01-31');
		await expect(page.getByText(t('search.none'), { exact: true })).toBeVisible();

		await box(window).fill('roses');
		await expect(hits(window)).toHaveCount(2);
		await box(window).press('Enter');
		await page.reload();
		// The address has it, too.
		await expect(box(window)).toHaveValue('roses');
		await expect(hits(window)).toHaveCount(2);
		await box(window).fill('');
		await page.getByRole('button', { name: 'roses' }).click();
		await expect(hits(window)).toHaveCount(2);
		await box(window).fill('');
		await window.button('search.recent.clear').click();
		await expect(page.getByText(t('search.recent'))).toHaveCount(0);
	},
);

test('more results come when they are asked for', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const garden = await ana.group('Garden');
	for (let count = 1; count <= 35; count++) await ana.send(garden, `Rose ${count}`);
	const window = await open(ana, '/search?q=rose');
	await expect(hits(window)).toHaveCount(30);
	await window.button('search.more').click();
	await expect(hits(window)).toHaveCount(35);
	await expect(window.button('search.more')).toHaveCount(0);
	await expect(window.page.getByText(t('search.failed'))).toHaveCount(0);
});

test('a search that fails says so, and can be tried again', async ({ open, person, watch, t }) => {
	watch.allow(/ERR_FAILED/);
	const ana = await person('Ana Ruiz');
	const garden = await ana.group('Garden');
	await ana.send(garden, 'Roses');
	const window = await open(ana, '/search');
	const { page } = window;
	await page.route('**/messages/search/**', (route) => route.abort());
	await box(window).fill('roses');
	await expect(page.getByRole('alert')).toContainText(t('search.failed'));
	await page.unroute('**/messages/search/**');
	await window.button('action.retry').click();
	await expect(hits(window)).toHaveCount(1);
});
