import { bring, document as paper, picture } from '../support/files.ts';
import { unplug } from '../support/offline.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';
import type { Window } from '../support/window.ts';

const label = 'thread.label';

/** The composer of the thread. */
const composer = ({ panel, t }: Window) =>
	panel.getByRole('textbox', { name: t(label), exact: true });
const said = ({ panel }: Window, text: string) => panel.getByRole('article', { name: `: ${text}` });

test(
	'two people talk in a thread, live on both sides',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.group('Garden', [ben]);
		await ana.send(room, 'Who waters?');
		const hers = await open(ana, `/rooms/${room.id}`);
		const his = await open(ben, `/rooms/${room.id}`);

		await his.point(his.message('Who waters?'));
		await his.button('thread.open', his.message('Who waters?')).click();
		await expect(his.panel.getByRole('heading', { name: t('thread.title') })).toBeVisible();
		await expect(said(his, 'Who waters?')).toBeVisible();
		await expect(his.panel.getByText(t('thread.none'))).toBeVisible();
		await composer(his).fill('I do');
		await his.button('message.send', his.panel).click();
		await expect(said(his, 'I do')).toHaveAttribute('data-status', /sent|read/);
		await expect(composer(his)).toHaveValue('');

		// It counts at the message, and leads there.
		await expect(hers.message('I do').getByRole('blockquote')).toContainText('Who waters?');
		await hers.message('Who waters?').getByRole('button', { name: /^1 / }).click();
		await expect(said(hers, 'I do')).toBeVisible();
		await composer(hers).fill('Thank you');
		await hers.button('message.send', hers.panel).click();
		await expect(said(his, 'Thank you')).toBeVisible();
		await ben.send(room, 'Beside the point');
		await ben.send(room, 'Tomorrow too', {
			reply_to_id: (await ana.messages(room)).find(({ content }) => content === 'Who waters?')?.id,
		});
		await expect(said(hers, 'Tomorrow too')).toBeVisible();
		await expect(hers.panel.getByText('Beside the point')).toHaveCount(0);

		// Edited and reacted to where it stands.
		await his.button('message.edit', await openMenu(his, 'I do')).click();
		await expect(composer(his)).toHaveValue('I do');
		await composer(his).fill('I do, at six');
		await his.button('action.save', his.panel).click();
		await expect(said(hers, 'I do, at six')).toBeVisible();
		const menu = await openMenu(hers, 'I do, at six');
		await menu.getByRole('button', { name: t('reaction.react_with', { emoji: '👍' }) }).click();
		await expect(said(his, 'I do, at six').getByRole('button', { name: /^👍 1/ })).toBeVisible();

		await his.page.keyboard.press('Escape');
		await expect(his.panel).toHaveCount(0);
		await expect(his.message('Who waters?').getByRole('button', { name: /^3 / })).toBeVisible();
	},
);

async function openMenu(window: Window, text: string) {
	await window.point(said(window, text));
	await window.button('message.more', said(window, text)).click();
	return window.actions;
}

test('what is begun in a thread is there after a reload', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const root = await ana.send(room, 'Who waters?');
	const hers = await open(ana, `/rooms/${room.id}?panel=thread&of=${root.id}`);
	await composer(hers).fill('As I said');
	await hers.page.reload();
	await expect(composer(hers)).toHaveValue('As I said');
});

test('an edit gives what was begun back, and stays in its thread', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const roses = await ana.send(room, 'Roses');
	const tulips = await ana.send(room, 'Tulips');
	await ana.send(room, 'Red ones', { reply_to_id: roses.id });
	const hers = await open(ana, `/rooms/${room.id}?panel=thread&of=${roses.id}`);
	await composer(hers).fill('And then');
	await hers.button('message.edit', await openMenu(hers, 'Red ones')).click();
	await expect(composer(hers)).toHaveValue('Red ones');
	await composer(hers).press('Escape');
	await expect(composer(hers)).toHaveValue('And then');

	await hers.button('message.edit', await openMenu(hers, 'Red ones')).click();
	await expect(composer(hers)).toHaveValue('Red ones');
	await hers.page.evaluate((id) => {
		const link = document.createElement('a');
		link.href = `?panel=thread&of=${id}`;
		document.body.append(link);
		link.click();
		link.remove();
	}, tulips.id);
	await expect(said(hers, 'Tulips')).toBeVisible();
	await expect(composer(hers)).toHaveValue('');
	await expect(hers.button('action.save', hers.panel)).toHaveCount(0);
});

test('a thread is an address, and one that does not exist says so', async ({
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(refused(404));
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const first = await ana.send(room, 'First');
	await ben.send(room, 'Second', { reply_to_id: first.id });
	const window = await open(ana, `/rooms/${room.id}?panel=thread&of=${first.id}`);
	await expect(said(window, 'Second')).toBeVisible();
	await window.page.goto(`/rooms/${room.id}?panel=thread&of=01900000-0000-7000-8000-000000000000`);
	await expect(window.panel.getByText(t('thread.gone'))).toBeVisible();
});

test('the count follows what is deleted, and a pause', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const first = await ana.send(room, 'First');
	const window = await open(ana, `/rooms/${room.id}`);
	const one = t.plural('thread.replies', 1);
	const two = t.plural('thread.replies', 2);
	const count = window.message('First').getByRole('button', { name: RegExp(`^(${one}|${two})$`) });
	await expect(window.message('First')).toBeVisible();
	const second = await ben.send(room, 'Second', { reply_to_id: first.id });
	await expect(count).toHaveText(one);
	await unplug(window);
	await ben.send(room, 'Third', { reply_to_id: first.id });
	await window.page.context().setOffline(false);
	await expect(count).toHaveText(two, { timeout: 30_000 });
	await ben.call('DELETE', `/api/v1/chat/messages/${second.id}/`);
	await expect(count).toHaveText(one);
});

test('files go into a thread as into the room', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const root = await ana.send(room, 'Who waters?');
	const window = await open(ana, `/rooms/${room.id}?panel=thread&of=${root.id}`);
	const box = composer(window);
	await expect(box).toBeVisible();
	await bring(window.page, box, ['paste'], [picture('rose.png')]);
	const files = window.panel.getByRole('list', { name: t('upload.list') });
	await expect(files.getByRole('listitem')).toHaveCount(1);
	await bring(window.page, box, ['dragenter'], [paper('plan.txt')]);
	await expect(window.panel.getByText(t('upload.drop'))).toBeVisible();
	await bring(window.page, box, ['drop'], [paper('plan.txt')]);
	await expect(files.getByRole('listitem')).toHaveCount(2);
	// The room's own composer has none of them.
	await expect(window.page.getByRole('list', { name: t('upload.list') })).toHaveCount(1);
	await window.button('message.send', window.panel).click();
	const sent = window.panel.getByRole('article').last();
	await expect(sent.getByRole('button', { name: /rose\.png/ })).toBeVisible();
	await expect(sent.getByRole('link', { name: /plan\.txt/ })).toBeVisible();
	await expect(sent).toHaveAttribute('data-status', 'sent');
	const [, reply] = await ana.messages(room);
	expect(reply).toMatchObject({ reply_to: { id: root.id } });
});
