import { expect, test } from '../support/test.ts';

test(
	'where there are no public rooms, one is made',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const window = await open(await person('Ana Ruiz'), '/browse');
		await expect(window.page.getByText(t('browse.empty'), { exact: true })).toBeVisible();
		await window.button('browse.new').click();
		await window.dialog.getByLabel(t('group.name')).fill('Film club');
		await window.dialog.getByRole('radio', { name: t('group.public') }).check();
		await window.button('group.create', window.dialog).click();
		await expect(window.heading('Film club')).toBeVisible();
	},
);

test('the directory goes on, and knows what one has joined', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	for (let count = 1; count <= 52; count++) {
		await ana.group(`Club ${count}`, [], { visibility: 'public', topic: `About ${count}` });
	}
	const window = await open(ben, '/browse');
	const lines = window.page.getByRole('main').getByRole('listitem');
	await expect(lines).toHaveCount(50);
	await window.button('browse.more').click();
	await expect(lines).toHaveCount(52);
	await window.page.getByRole('searchbox', { name: t('browse.search') }).fill('club 41');
	await expect(lines).toHaveCount(1);
	await expect(lines).toContainText('About 41');
	const name = 'Club 41';
	await window.page.getByRole('button', { name: t('browse.join_named', { name }) }).click();
	await expect(window.heading(name)).toBeVisible();
	await window.page.goBack();
	await window.page.getByRole('searchbox', { name: t('browse.search') }).fill('club 41');
	await expect(
		window.page.getByRole('button', { name: t('browse.open_named', { name }) }),
	).toBeVisible();
});

test('the door of a room shows what it is before one enters', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Film club', [], { visibility: 'public', topic: 'One a week' });
	const window = await open(ben, `/rooms/${room.id}`);
	await expect(window.heading('Film club')).toBeVisible();
	await expect(window.page.getByText('One a week')).toBeVisible();
	await expect(window.page.getByRole('main').getByText(t('room.public_room'))).toBeVisible();
	await window.button('browse.join').click();
	await expect(window.composer).toBeVisible();
});
