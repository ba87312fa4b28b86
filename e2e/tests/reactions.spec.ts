import { lose } from '../support/offline.ts';
import { expect, test } from '../support/test.ts';
import { SERVER_AWAY } from '../support/watch.ts';

test(
	'three people react, and each sees whose it is',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const carla = await person('Carla Meyer');
		const room = await ana.group('Garden', [ben, carla]);
		const roses = await ana.send(room, 'The roses are out');
		const [hers, his, third] = [
			await open(ana, `/rooms/${room.id}`),
			await open(ben, `/rooms/${room.id}`),
			await open(carla, `/rooms/${room.id}`),
		];
		const chip = (window: typeof hers, name: RegExp) =>
			window.message('The roses').getByRole('button', { name });

		const menu = await his.menu(his.message('The roses'));
		await menu.getByRole('button', { name: t('reaction.react_with', { emoji: '🎉' }) }).click();
		await expect(menu).toHaveCount(0);
		await expect(chip(his, /^🎉 1/)).toHaveAttribute('aria-pressed', 'true');
		await expect(chip(hers, /^🎉 1\. .*Ben Okoye/)).toHaveAttribute('aria-pressed', 'false');

		// One tap more, and one less.
		await chip(third, /^🎉 1/).click();
		for (const window of [hers, his, third]) await expect(chip(window, /^🎉 2/)).toBeVisible();
		await expect(chip(his, /^🎉 2/)).toHaveAttribute('aria-pressed', 'true');
		await chip(his, /^🎉 2/).click();
		await expect(chip(his, /^🎉 1/)).toHaveAttribute('aria-pressed', 'false');
		await expect(chip(third, /^🎉 1/)).toHaveAttribute('aria-pressed', 'true');
		await ben.call(
			'PUT',
			`/api/v1/chat/messages/${roses.id}/reactions/${encodeURIComponent('👍')}/`,
		);
		await expect(chip(his, /^👍 1/)).toHaveAttribute('aria-pressed', 'true');

		// Who they are, as a list.
		await hers.button('reaction.title', await hers.menu(hers.message('The roses'))).click();
		await expect(hers.dialog.getByRole('listitem')).toHaveText([/Carla Meyer/, /Ben Okoye/]);
		await hers.page.keyboard.press('Escape');
		await expect(hers.dialog).toHaveCount(0);
		await expect(hers.message('The roses')).toBeFocused();

		await his.page.reload();
		await expect(chip(his, /^👍 1/)).toHaveAttribute('aria-pressed', 'true');
		await expect(chip(his, /^🎉 1/)).toHaveAttribute('aria-pressed', 'false');
	},
);

test('any emoji is to be had from the picker', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await ben.send(room, 'Coffee?');
	const window = await open(ana, `/rooms/${room.id}`);
	await window.button('reaction.more', await window.menu(window.message('Coffee?'))).click();
	const picker = window.page.getByRole('dialog', { name: t('reaction.add') });
	await picker.getByRole('searchbox', { name: t('emoji.search') }).fill('coffee');
	await picker.getByText('☕').click();
	await expect(picker).toHaveCount(0);
	const chip = window.message('Coffee?').getByRole('button', { name: /^☕ 1/ });
	await expect(chip).toHaveAttribute('aria-pressed', 'true');
	// What was used before is offered at once.
	await window.menu(window.message('Coffee?'));
	await expect(window.actions.getByRole('button').first()).toHaveText('☕');
	await expect(window.actions.getByRole('button').first()).toHaveAttribute('aria-pressed', 'true');
});

test('a reaction shows at once, and goes with the reason where it is refused', async ({
	open,
	person,
	watch,
	server,
}) => {
	watch.allow(SERVER_AWAY, /status of 403/);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Garden', [ben]);
	const roses = await ana.send(room, 'The roses are out');
	await ana.call('PUT', `/api/v1/chat/messages/${roses.id}/reactions/${encodeURIComponent('🌹')}/`);
	const his = await open(ben, `/rooms/${room.id}`);
	const chip = his.message('The roses').getByRole('button', { name: /^🌹/ });
	await expect(chip).toHaveAccessibleName(/^🌹 1/);

	// The server is away: neither the socket nor REST says yes.
	await lose(server, [his]);
	await chip.click();
	await expect(his.page.getByRole('status').getByText(his.t('error.network'))).toBeVisible();
	await expect(chip).toHaveAccessibleName(/^🌹 1/);
	await server.start();
	await expect(his.offlineNote).toHaveCount(0, { timeout: 30_000 });
	await chip.click();
	await expect(chip).toHaveAccessibleName(/^🌹 2/);
});
