import { asLarge } from '../support/large-room.ts';
import type { Window } from '../support/window.ts';
import { expect, test } from '../support/test.ts';

async function choose(
	window: Window,
	name: string,
	key: 'make_admin' | 'unmake_admin' | 'hand_over' | 'remove',
) {
	const { t, panel } = window;
	await panel.getByRole('button', { name: t('members.menu', { name }) }).click();
	await panel.getByRole('menuitem', { name: t(`members.${key}`) }).click();
}

test(
	'roles are given, the room handed over, and somebody removed, live for all',
	{ tag: '@main' },
	async ({ open, person, watch, t }) => {
		watch.allow(/the server responded with a status of 404 /);
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const carla = await person('Carla Meyer');
		const garden = await ana.group('Garden', [ben, carla]);
		const hers = await open(ana, `/rooms/${garden.id}`);
		const his = await open(ben, `/rooms/${garden.id}`);
		const third = await open(carla, `/rooms/${garden.id}`);
		for (const window of [hers, his]) await window.openPanel('room.members');
		const line = (window: Window, id: string) => window.panel.locator(`li[data-user-id="${id}"]`);
		await expect(his.members).toHaveCount(3);
		await expect(line(his, ana.id)).toContainText(t('role.owner'));
		await expect(his.button('people.add', his.panel)).toHaveCount(0);

		await choose(hers, 'Ben Okoye', 'make_admin');
		for (const window of [hers, his]) {
			await expect(line(window, ben.id)).toContainText(t('role.admin'));
		}
		await expect(his.button('people.add', his.panel)).toBeVisible();

		await choose(hers, 'Ben Okoye', 'hand_over');
		await expect(hers.dialog).toContainText(t('members.hand_over.text', { name: 'Ben Okoye' }));
		await hers.button('members.hand_over', hers.dialog).click();
		for (const window of [hers, his]) {
			await expect(line(window, ben.id)).toContainText(t('role.owner'));
			await expect(line(window, ana.id)).toContainText(t('role.admin'));
		}

		await choose(his, 'Ana Ruiz', 'unmake_admin');
		await expect(line(hers, ana.id)).not.toContainText(t('role.admin'));
		await expect(hers.button('people.add', hers.panel)).toHaveCount(0);

		await choose(his, 'Carla Meyer', 'remove');
		await his.button('members.remove', his.dialog).click();
		for (const window of [hers, his]) await expect(window.members).toHaveCount(2);
		await expect(
			third.page.getByRole('heading', { name: t('room.gone', { name: 'Garden' }) }),
		).toBeVisible();
	},
);

test('members are found by name, and shown page by page', async ({ open, person, t }) => {
	test.slow();
	const ana = await person('Ana Ruiz');
	const letters = 'abcdefghijkl';
	const people = [];
	for (const first of letters) {
		people.push(
			...(await Promise.all([...letters].slice(0, 9).map((last) => person(`Zoe ${first}${last}`)))),
		);
	}
	const garden = await ana.group('Garden', people);
	const window = await open(ana, `/rooms/${garden.id}`);
	await window.openPanel('room.members');
	await expect(window.members).toHaveCount(100);
	const find = window.panel.getByRole('searchbox', { name: t('members.find') });
	await find.fill('zoe li');
	await expect(window.members).toHaveCount(1);
	await find.fill('nobody');
	await expect(window.panel.getByText(t('members.none'))).toBeVisible();
	await find.fill('');
	await expect(window.members).toHaveCount(109);
});

test('a chat begins from the members', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const garden = await ben.group('Garden', [ana]);
	const window = await open(ana, `/rooms/${garden.id}`);
	await window.openPanel('room.members');
	await window.panel
		.getByRole('button', { name: t('members.menu', { name: 'Ben Okoye' }) })
		.click();
	await window.panel.getByRole('menuitem', { name: t('members.message') }).click();
	await expect(window.heading('Ben Okoye')).toBeVisible();
});

test('who stands beyond the first of a large room is known everywhere', async ({
	open,
	person,
	t,
}) => {
	const ana = await person('Ana Ruiz');
	const bea = await person('Bea Lind');
	await person('Bea Other');
	const room = await ana.group('Garden', [await person('Ben Okoye'), bea]);
	const window = await open(ana, `/rooms/${room.id}`);
	await asLarge(window, ana, room);
	const { page, panel, dialog, composer } = window;

	await composer.pressSequentially('@be');
	await expect(page.getByRole('option')).toHaveText([/Bea Lind/, /Ben Okoye/]);
	await composer.fill('');

	await page.goto(`/rooms/${room.id}?panel=members`);
	await window.button('people.add', panel).click();
	await dialog.getByRole('searchbox', { name: t('people.find') }).fill('bea');
	await expect(dialog.getByRole('button', { name: /Bea/ })).toHaveText([/Bea Other/]);

	await page.goto(`/rooms/${room.id}?panel=search`);
	await panel.getByText(t('search.filters'), { exact: true }).click();
	const from = panel.getByLabel(t('search.from'), { exact: true });
	await expect(panel.locator('datalist [value="bealind"]')).toHaveCount(0);
	await from.fill('bea l');
	await expect(panel.locator('datalist [value="bealind"]')).toHaveText('Bea Lind');
	await from.press('Enter');
	await expect(panel.getByRole('searchbox')).toHaveValue('from:bealind');
	await expect(from).toHaveValue('bealind');
});
