import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

/** A picture of one red dot. */
const PNG = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
	'base64',
);

test(
	'an owner edits the room, and all see it',
	{ tag: '@main' },
	async ({ open, person, watch, t }) => {
		watch.allow(refused(400));
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const garden = await ana.group('Garden', [ben], { topic: 'Roses' });
		const hers = await open(ana, `/rooms/${garden.id}`);
		const his = await open(ben, `/rooms/${garden.id}`);
		await his.button('room.details').click();
		await expect(his.panel).toContainText('Roses');
		await expect(his.button('room.edit', his.panel)).toHaveCount(0);
		await expect(his.button('room.close', his.panel)).toHaveCount(0);

		await hers.button('room.details').click();
		await hers.button('room.edit', hers.panel).click();
		const { dialog } = hers;
		await dialog.getByLabel(t('group.name')).fill(' ');
		await hers.button('action.save', dialog).click();
		await expect(dialog.getByRole('alert')).toBeVisible();
		await dialog.getByLabel(t('group.name')).fill('Allotment');
		await dialog.getByLabel(t('group.topic')).fill('Roses and beans');
		await dialog.getByRole('radio', { name: t('group.public') }).check();
		await expect(dialog.getByText(t('room.to_public.hint'))).toBeVisible();
		await dialog.getByRole('radio', { name: t('room.history.from_join') }).check();
		await dialog.locator('input[type=file]').setInputFiles({
			name: 'dot.png',
			mimeType: 'image/png',
			buffer: PNG,
		});
		await hers.button('profile.crop.use').click();
		await expect(hers.button('profile.crop.use')).toHaveCount(0);
		await expect(dialog.locator('.avatar img')).toBeVisible();
		await hers.button('action.save', dialog).click();
		await expect(dialog).toHaveCount(0);

		await expect(hers.panel.getByRole('heading', { name: 'Allotment' })).toBeVisible();
		await expect(his.panel.getByRole('heading', { name: 'Allotment' })).toBeVisible();
		await expect(his.panel).toContainText('Roses and beans');
		await expect(his.panel).toContainText(t('room.public_room'));
		await expect(his.panel.locator('.avatar img')).toBeVisible();
		await expect(his.page).toHaveTitle(/Allotment/);

		await hers.button('room.edit', hers.panel).click();
		await expect(dialog.getByRole('radio', { name: t('room.history.from_join') })).toBeChecked();
		const remove = hers.button('profile.picture.remove', dialog);
		await remove.click();
		await expect(dialog.locator('.avatar img')).toHaveCount(0);
		await hers.button('action.cancel', dialog).click();
		await expect(hers.panel.locator('.avatar img')).toBeVisible();
		await hers.button('room.edit', hers.panel).click();
		await dialog
			.locator('input[type=file]')
			.setInputFiles({ name: 'text.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('text') });
		await expect(dialog.getByRole('alert')).toHaveText(t('profile.picture.unreadable'));
		await remove.click();
		await hers.button('action.save', dialog).click();
		await expect(his.panel.locator('.avatar img')).toHaveCount(0);
	},
);

test(
	'in slow mode members wait, and lose nothing',
	{ tag: '@desktop' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const garden = await ana.group('Garden', [ben]);
		const hers = await open(ana, `/rooms/${garden.id}`);
		const his = await open(ben, `/rooms/${garden.id}`);
		// Up to the time, which the words leave open.
		const before = (key: 'room.slow_mode.on' | 'room.slow_mode.left') =>
			t(key, { time: '{}' }).split('{}')[0] ?? '';
		const [hint, left] = [before('room.slow_mode.on'), before('room.slow_mode.left')];
		await hers.button('room.details').click();
		const setTo = async (seconds: string) => {
			await hers.button('room.edit', hers.panel).click();
			await hers.dialog.getByLabel(t('room.slow_mode')).selectOption(seconds);
			await hers.button('action.save', hers.dialog).click();
			await expect(hers.dialog).toHaveCount(0);
		};
		await setTo('21600');
		await expect(his.page.getByText(hint)).toBeVisible();
		await his.send('one');
		await expect(his.message('one')).toHaveAttribute('data-status', /sent|read/);
		await expect(his.page.getByText(left)).toBeVisible();
		await his.send('two');
		await expect(his.message('two')).toContainText(t('message.slowed'));
		// It waits over a reload, too.
		await his.page.reload();
		await expect(his.message('two')).toContainText(t('message.slowed'));
		await expect(his.page.getByText(left)).toBeVisible();
		for (const text of ['three', 'four']) {
			await hers.send(text);
			await expect(hers.message(text)).toHaveAttribute('data-status', /sent|read/);
		}
		await expect(hers.page.getByText(hint)).toHaveCount(0);
		await setTo('0');
		await expect(his.message('two')).toHaveAttribute('data-status', /sent|read/);
		await expect(his.page.getByText(left)).toHaveCount(0);
	},
);

test(
	'one’s own choices are kept on every device',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const garden = await ana.group('Garden');
		const one = await open(ana, `/rooms/${garden.id}`);
		const two = await open(await ana.again(), `/rooms/${garden.id}`);
		for (const window of [one, two]) await window.button('room.details').click();
		await one.panel.getByLabel(t('rooms.notify')).selectOption('mentions');
		await expect(two.panel.getByLabel(t('rooms.notify'))).toHaveValue('mentions');
		await one.panel.getByRole('switch', { name: t('rooms.pin') }).check();
		await expect(two.panel.getByRole('switch', { name: t('rooms.pin') })).toBeChecked();
		const mute = (window: typeof one) => window.panel.getByLabel(t('room.mute.choose'));
		await mute(one).selectOption('always');
		await expect(mute(two).locator('option:checked')).toHaveText(t('room.muted_always'));
		await mute(two).selectOption('no');
		await expect(mute(one).locator('option:checked')).toHaveText(t('room.mute.no'));
	},
);

test(
	'a room is closed for everybody, and told so',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const garden = await ana.group('Garden', [ben]);
		const hers = await open(ana, `/rooms/${garden.id}`);
		const his = await open(ben, `/rooms/${garden.id}`);
		await expect(his.composer).toBeVisible();
		await hers.button('room.details').click();
		await hers.button('room.close', hers.panel).click();
		await expect(hers.dialog).toContainText(t('room.close.text'));
		await hers.button('room.close', hers.dialog).click();
		await expect(hers.dialog).toHaveCount(0);
		await expect(hers.button('room.edit', hers.panel)).toHaveCount(0);
		await expect(his.composer).toHaveCount(0);
		await expect(his.page.getByText(t('room.closed'))).toBeVisible();
	},
);

test('an owner who leaves is told who follows', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const garden = await ana.group('Garden', [ben]);
	const hers = await open(ana, `/rooms/${garden.id}`);
	const his = await open(ben, `/rooms/${garden.id}`);
	await hers.button('room.details').click();
	await hers.button('room.leave', hers.panel).click();
	await expect(hers.dialog).toContainText(t('room.leave.owner'));
	await hers.button('room.leave', hers.dialog).click();
	await expect(hers.page.getByText(t('rooms.empty'))).toBeVisible();
	await his.button('room.details').click();
	await expect(his.button('room.edit', his.panel)).toBeVisible();
	await his.button('room.leave', his.panel).click();
	await expect(his.dialog).toContainText(t('room.leave.last'));
});

test('the details of a direct chat show the person', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const window = await open(ana, `/rooms/${room.id}`);
	await window.button('room.details').click();
	await expect(window.panel).toContainText('@benokoye');
	await expect(window.panel).toContainText(t('room.direct'));
	await expect(window.button('room.leave', window.panel)).toHaveCount(0);
	await expect(window.panel.getByRole('button', { name: t('room.members') })).toHaveCount(0);
	await window.button('person.block', window.panel).click();
	await window.button('person.block', window.dialog).click();
	await expect(window.dialog).toHaveCount(0);
	await window.button('person.unblock', window.panel).click();
	await expect(window.button('person.block', window.panel)).toBeVisible();
	await window.button('person.profile', window.panel).click();
	await expect(window.page).toHaveURL(new RegExp(`/people/${ben.id}$`));
	await expect(window.page.getByRole('heading', { name: 'Ben Okoye' }).first()).toBeVisible();
});
