import type { Account } from '../support/account.ts';
import { check } from '../support/axe.ts';
import { png, wav } from '../support/media.ts';
import { expect, test } from '../support/test.ts';
import type { Window } from '../support/window.ts';

type Open = (account: Account, path: string) => Promise<Window>;

/** A room where all that may hang on messages does. */
async function furnished(person: (name: string) => Promise<Account>, open: Open) {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Garden', [ben]);
	const file = async (name: string, type: string, bytes: Buffer) =>
		(await ben.upload(name, type, bytes)).id;
	const roses = await ben.send(
		room,
		'@anaruiz, see [the plan](https://example.org/a)\n\nand come along',
	);
	await ana.send(room, 'An answer for @benokoye', { reply_to_id: roses.id });
	for (const emoji of ['🌹', '👍']) {
		const path = `/api/v1/chat/messages/${roses.id}/reactions/${encodeURIComponent(emoji)}/`;
		await (emoji === '👍' ? ana : ben).call('PUT', path);
	}
	const code = 'fn main() {\n    // Says hello\n    let name = "roses"; // 42\n}';
	await ben.send(
		room,
		`Code\n\n\`\`\`rust\n${code}${' '.repeat(200)}x\n\`\`\`\n\n| a | b |\n|---|---|\n| 1 | 2 |`,
	);
	await ben.send(room, 'Pictures', {
		attachment_ids: [
			await file('a.png', 'image/png', png(300, 200)),
			await file('b.png', 'image/png', png(200, 300)),
		],
	});
	await ben.send(room, 'Files', {
		attachment_ids: [
			await file('bees.wav', 'audio/wav', wav(1)),
			await file('seeds.csv', 'text/csv', Buffer.from('a,b\n')),
		],
	});
	const edited = await ana.send(room, 'At five');
	await ana.call('PATCH', `/api/v1/chat/messages/${edited.id}/`, { content: 'At six' });
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/pins/`, { message_id: roses.id });
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);

	const window = await open(ana, `/rooms/${room.id}`);
	await expect(window.message('Code').locator('.hljs-keyword').first()).toBeVisible();
	return { window, room, roses };
}

test('axe finds nothing at messages with all that may hang on them', async ({ open, person }) => {
	test.setTimeout(180_000);
	const { window } = await furnished(person, open);
	const { page, dialog } = window;
	const six = window.message('At six');
	await check(window, 'timeline');
	await window.point(six);
	await expect(window.button('message.more', six)).toBeVisible();
	await check(window, 'actions');
	await window.menu(six);
	await check(window, 'menu');
	await window.button('reaction.more', window.actions).click();
	await expect(dialog.getByRole('tabpanel').getByRole('button').first()).toBeVisible();
	await check(window, 'all emoji to react with');
	await page.keyboard.press('Escape');
	await window.act(six, 'history');
	await expect(dialog.getByRole('listitem')).toHaveCount(2);
	await check(window, 'history');
	await page.keyboard.press('Escape');
	await window.act(six, 'reads');
	await expect(dialog.getByRole('listitem')).toHaveCount(1);
	await check(window, 'read by');
	await page.keyboard.press('Escape');
	await window.button('reaction.title', await window.menu(window.message('@anaruiz'))).click();
	await expect(dialog.getByRole('listitem')).toHaveCount(2);
	await check(window, 'reactions');
	await page.keyboard.press('Escape');
	await window
		.message('Pictures')
		.getByRole('button', { name: /a\.png/ })
		.click();
	await expect(dialog.getByRole('img')).toBeVisible();
	await check(window, 'pictures');
	await window.button('files.zoom_in', dialog).click();
	await expect(dialog.getByRole('img')).toHaveAttribute('data-scale', '1.50');
	await check(window, 'a picture zoomed in on');
	await page.keyboard.press('Escape');
	await window.act(six, 'delete');
	await expect(window.button('message.undo').first()).toBeVisible();
	await check(window, 'deleted');
});

test('axe finds nothing in threads, pins and files', async ({ open, person, t }) => {
	test.setTimeout(180_000);
	const { window, room, roses } = await furnished(person, open);
	const { page } = window;
	for (const panel of ['thread', 'pins', 'files']) {
		await page.goto(`/rooms/${room.id}?panel=${panel}&of=${roses.id}`);
		const inside = {
			thread: window.panel.getByText('An answer'),
			pins: window.panel.getByText(t('pins.by', { name: 'Ana Ruiz' })),
			files: window.panel.getByRole('button', { name: /a\.png/ }),
		}[panel];
		await expect(inside ?? window.panel).toBeVisible();
		await check(window, panel);
		if (panel !== 'thread') continue;
		// What is one's own can be edited there.
		const answer = window.panel.getByRole('article', { name: /An answer/ });
		await window.act(answer, 'edit');
		await expect(window.panel.getByText(t('message.editing'))).toBeVisible();
		await check(window, 'editing in a thread');
	}
	await window.panel.getByRole('tab', { name: t('files.files') }).click();
	await expect(window.panel.getByText('seeds.csv')).toBeVisible();
	await check(window, 'files');
	await window.panel.getByRole('tab', { name: t('files.links') }).click();
	await expect(window.panel.getByText('the plan')).toBeVisible();
	await check(window, 'links');

	await page.goto(`/rooms/${room.id}`);
	await page.evaluate(() => (document.documentElement.dataset.density = 'compact'));
	await expect(window.message('Files')).toBeVisible();
	await check(window, 'compact');
});
