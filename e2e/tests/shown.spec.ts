import { expect, test } from '../support/test.ts';

test(
	'the room list says who wrote, in few words',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const garden = await ana.group('Garden', [ben]);
		const chat = await ben.directChat(ana);
		await ben.send(garden, 'The **roses** need water. '.repeat(40));
		await ben.send(chat, 'Just us two');
		const window = await open(ana);
		await expect(window.roomLine('Garden')).toContainText(
			t('rooms.sender', { name: 'Ben Okoye', text: 'The roses need water.' }),
		);
		await expect(window.roomLine('Ben Okoye').locator('.preview')).toHaveText('Just us two');
		const name = await window.roomLine('Garden').innerText();
		expect(name.length).toBeLessThan(180);
		await ana.send(garden, 'On it');
		await expect(window.roomLine('Garden')).toContainText(t('rooms.you', { text: 'On it' }));
		await ben.call('POST', `/api/v1/chat/rooms/${garden.id}/leave/`);
		await expect(window.roomLine('Garden').locator('.preview')).toHaveText(
			t('system.member_left', { actor: 'Ben Okoye' }),
		);
	},
);

test('headings, refused links and lone emoji in messages', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	await ben.send(room, '# Big plan\n\nSee [the plan](javascript:alert(1)) soon');
	await ben.send(room, '🎉 👍🏽');
	const window = await open(ana, `/rooms/${room.id}`);
	const { page } = window;
	const heading = page.getByRole('heading', { name: 'Big plan' });
	await expect(heading).toBeVisible();
	await expect(heading).toHaveAttribute('aria-level', '3');
	const plan = window.message('Big plan');
	await expect(plan.getByRole('link')).toHaveCount(0);
	const [link, text] = await plan.evaluate((one) => {
		const link = one.querySelector('.message-html a');
		const text = one.querySelector('.message-html p');
		return [link, text].map((element) => {
			const { color, textDecorationLine } = getComputedStyle(element ?? document.body);
			return { color, textDecorationLine };
		});
	});
	expect(link).toEqual(text);

	const size = (message: string) =>
		window
			.message(message)
			.locator('.content')
			.evaluate((one) => parseFloat(getComputedStyle(one).fontSize));
	expect(await size('🎉')).toBeGreaterThan(2 * (await size('Big plan')));
	// Edited, a heading is no more of the page's than before.
	await window.composer.fill('## Mine');
	await window.button('message.send').click();
	await expect(page.getByRole('heading', { name: 'Mine' })).toHaveAttribute('aria-level', '4');
	await window.act(window.message('Mine'), 'edit');
	await window.composer.fill('# Changed');
	await window.button('action.save').click();
	const changed = page.getByRole('heading', { name: 'Changed' });
	await expect(changed).toHaveAttribute('aria-level', '3');
});
