import { expect, test } from '../support/test.ts';

test('what would fill pages is shown in part, and whole where one wants it', async ({
	open,
	person,
	t,
}) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const rows = Array.from({ length: 90 }, (_, at) => `| row ${at} | ${at} |`);
	await ben.send(room, ['| Name | Count |', '| --- | --- |', ...rows].join('\n'));
	await ben.send(room, 'A short one');
	const window = await open(ana, `/rooms/${room.id}`);
	const long = window.timeline.getByRole('article').filter({ hasText: 'row 0' });
	const text = long.locator('.message-html');
	const height = async () => (await text.boundingBox())?.height ?? 0;
	const more = long.getByRole('button', { name: t('message.show_more') });
	await expect(more).toBeVisible();
	expect(await height()).toBeLessThan(400);
	await more.click();
	await expect(long.getByRole('button', { name: t('message.show_less') })).toBeFocused();
	expect(await height()).toBeGreaterThan(1_000);
	await long.getByRole('button', { name: t('message.show_less') }).click();
	expect(await height()).toBeLessThan(400);
	await expect(
		window.message('A short one').getByRole('button', { name: t('message.show_more') }),
	).toHaveCount(0);
});

test(
	'a link that says another address shows where it leads',
	{ tag: '@desktop' },
	async ({ open, person }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		await ben.send(
			room,
			'[https://bank.example](https://evil.example/x) or https://honest.example',
		);
		const window = await open(ana, `/rooms/${room.id}`);
		const links = window.timeline.locator('a[href^=http]');
		await expect(links).toHaveText([
			'https://bank.example (evil.example)',
			'https://honest.example',
		]);
	},
);
