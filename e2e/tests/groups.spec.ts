import { expect, test } from '../support/test.ts';

test('a group is made and grows', { tag: '@main' }, async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const carla = await person('Carla Meyer');
	const hers = await open(ana);
	const his = await open(ben);
	const third = await open(carla);

	await hers.button('rooms.new_group').click();
	await hers.dialog.getByLabel(t('group.name')).fill('Summer trip');
	await hers.dialog.getByLabel(t('group.topic')).fill('Where to, and when');
	const find = hers.dialog.getByRole('searchbox', { name: t('people.find') });
	await find.fill('benok');
	await hers.dialog.locator(`button[data-user-id="${ben.id}"]`).click();
	await expect(hers.dialog.getByRole('list', { name: t('people.chosen') })).toContainText(
		'Ben Okoye',
	);
	await hers.button('group.create', hers.dialog).click();
	await expect(hers.heading('Summer trip')).toBeVisible();

	await his.openRoom('Summer trip');
	await hers.send('The mountains?');
	await expect(his.message('The mountains?')).toBeVisible();
	await expect(third.page.getByText(t('rooms.empty'))).toBeVisible();

	await hers.openPanel('room.members');
	await expect(hers.members).toHaveCount(2);
	await hers.button('people.add', hers.panel).click();
	await hers.dialog.getByRole('searchbox', { name: t('people.find') }).fill('carla');
	await hers.dialog.locator(`button[data-user-id="${carla.id}"]`).click();
	await hers.button('room.add', hers.dialog).click();
	await expect(hers.members).toHaveCount(3);
	await hers.button('action.close', hers.panel).click();

	await third.openRoom('Summer trip');
	await expect(third.message('The mountains?')).toBeVisible();
	const note = t('system.member_added', { actor: 'Ana Ruiz', user: 'Carla Meyer' });
	await expect(his.timeline.getByText(note)).toBeVisible();
	await third.send('The sea!');
	await expect(hers.message('The sea!')).toBeVisible();
	await expect(his.message('The sea!')).toBeVisible();
});

test('a public room is found, joined and left', { tag: '@main' }, async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Film club', [], { visibility: 'public', topic: 'One a week' });
	await ana.group('Board', [], { visibility: 'private' });
	await ana.send(room, 'Metropolis on Friday');
	const his = await open(ben);
	const hers = await open(ana, `/rooms/${room.id}`);

	await his.page.getByRole('link', { name: t('rooms.browse') }).click();
	await expect(his.page.getByText('One a week')).toBeVisible();
	await expect(his.page.getByText('Board')).toHaveCount(0);
	await his.page.getByRole('searchbox', { name: t('browse.search') }).fill('nothing of the kind');
	await expect(his.page.getByText(t('browse.none'))).toBeVisible();
	await his.page.getByRole('searchbox', { name: t('browse.search') }).fill('film');
	await his.page
		.getByRole('button', { name: t('browse.join_named', { name: 'Film club' }) })
		.click();
	await expect(his.message('Metropolis on Friday')).toBeVisible();
	await expect(
		hers.timeline.getByText(t('system.member_joined', { actor: 'Ben Okoye' })),
	).toBeVisible();
	await his.send('I bring popcorn');
	await expect(hers.message('I bring popcorn')).toBeVisible();

	await his.button('room.details').click();
	await his.button('room.leave', his.panel).click();
	await his.button('room.leave', his.dialog).click();
	// Still there to be seen, and to be joined again.
	await expect(his.button('browse.join')).toBeVisible();
	await expect(his.roomLine('Film club')).toHaveCount(0);
	await expect(
		hers.timeline.getByText(t('system.member_left', { actor: 'Ben Okoye' })),
	).toBeVisible();
	await his.button('browse.join').click();
	await expect(his.message('I bring popcorn')).toBeVisible();
});

test('unread counts rise, move the room up, and go', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const [garden, harbour] = [await ana.group('Garden', [ben]), await ana.group('Harbour', [ben])];
	await ana.send(garden, 'Roses');
	await ana.send(harbour, 'Boats');
	const his = await open(ben);
	await expect(his.rooms.getByRole('link')).toContainText(['Harbour', 'Garden']);
	await expect(his.unreadOf('Garden')).toHaveAttribute('data-unread', '1');

	await expect(his.page).toHaveTitle(/^\(2\) /);

	await ana.send(garden, 'Tulips');
	await expect(his.page).toHaveTitle(/^\(3\) /);
	await expect(his.unreadOf('Garden')).toHaveAttribute('data-unread', '2');
	await expect(his.rooms.getByRole('link')).toContainText(['Garden', 'Harbour']);
	await expect(his.roomLine('Garden')).toContainText('Tulips');

	// Read here: gone in his other window, too.
	const other = await open(await ben.again());
	await expect(other.unreadOf('Garden')).toHaveAttribute('data-unread', '2');
	await his.openRoom('Garden');
	await expect(his.message('Tulips')).toBeInViewport();
	await expect(other.unreadOf('Garden')).toHaveCount(0);
	await expect(other.unreadOf('Harbour')).toHaveAttribute('data-unread', '1');
	await expect(his.page).toHaveTitle('(1) Garden · Charla');
	await his.toRooms();
	await expect(his.unreadOf('Garden')).toHaveCount(0);
	await expect(his.unreadOf('Harbour')).toHaveAttribute('data-unread', '1');
});

test('who is removed is out of the room at once', async ({ open, person, watch, t }) => {
	watch.allow(/the server responded with a status of 404 /);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Board', [ben]);
	await ana.send(room, 'Confidential');
	const his = await open(ben, `/rooms/${room.id}`);
	await expect(his.message('Confidential')).toBeVisible();
	const hers = await open(ana, `/rooms/${room.id}`);
	// Who types is told to those alone who are there.
	await hers.send('Who agrees?');
	await expect(his.message('Who agrees?')).toBeVisible();
	await his.point(his.message('Confidential'));
	await his.button('thread.open', his.message('Confidential')).click();
	await his.panel.getByRole('textbox', { name: t('thread.label') }).fill('On that point');
	await his.button('action.close', his.panel).click();
	await his.composer.pressSequentially('As for me');
	await expect(hers.page.getByText(t('typing.one', { name: 'Ben Okoye' }))).toBeVisible();
	await ana.call('DELETE', `/api/v1/chat/rooms/${room.id}/members/${ben.id}/`);
	await expect(hers.page.getByText(t('typing.one', { name: 'Ben Okoye' }))).toHaveCount(0);
	await expect(his.heading(t('room.gone', { name: 'Board' }))).toBeFocused();
	await expect(his.page.getByLabel(t('room.gone.unsent'))).toHaveValue('As for me');
	await expect(his.page.getByLabel(t('room.gone.thread'))).toHaveValue('On that point');
	await expect(his.message('Confidential')).toHaveCount(0);
	await expect(his.composer).toHaveCount(0);
	await his.page
		.getByRole('link', { name: t('room.back') })
		.first()
		.click();
	await expect(his.page.getByText(t('rooms.empty'))).toBeVisible();
});
