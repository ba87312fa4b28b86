import type { Window } from '../support/window.ts';
import { expect, test } from './camera.ts';
import { furnish, settle } from './town.ts';

/** Rests the pointer on a message, or taps it. */
async function point(window: Window, text: string) {
	await window.point(window.message(text));
	await expect(window.button('message.more', window.message(text))).toBeVisible();
}

test('messages', { tag: '@main' }, async ({ open, person, shoot, t }) => {
	const town = await settle(person);
	const asked = await furnish(town);
	const window = await open(town.lucia, `/rooms/${town.garden.id}`);
	const { page, dialog, panel } = window;
	await expect(window.message('I am there at six')).toBeInViewport();
	await shoot(window, 'room');
	await page.goto(`/rooms/${town.garden.id}?message=${asked.id}`);
	await expect(window.message('@luciaferrer, could')).toBeInViewport();
	await shoot(window, 'room-mentions-and-reactions');
	await window.message('Morning all!').scrollIntoViewIfNeeded();
	await shoot(window, 'room-beginning');
	await window.message('Morning all!').focus();
	await page.keyboard.press('End');
	await point(window, 'I am there at six');
	await shoot(window, 'message-actions');
	await window.menu(window.message('I am there at six'));
	await shoot(window, 'message-menu');
	await page.keyboard.press('Escape');
	await window.act(window.message('I am there at six'), 'history');
	await expect(dialog.getByRole('listitem')).toHaveCount(2);
	await shoot(window, 'history');
	await page.keyboard.press('Escape');
	await window.act(window.message('I am there at six'), 'reads');
	await expect(dialog).toBeVisible();
	await shoot(window, 'reads');
	await page.keyboard.press('Escape');
	await window.act(window.message('I am there at six'), 'edit');
	await shoot(window, 'editing');
	await window.button('action.cancel').click();
	await window.act(window.message('I am there at six'), 'delete');
	await expect(window.button('message.undo').first()).toBeVisible();
	await shoot(window, 'deleted');
	await window.button('message.undo').last().click();

	await page.goto(`/rooms/${town.garden.id}?message=${asked.id}`);
	const question = window.message('@luciaferrer, could');
	await window.button('reaction.title', await window.menu(question)).click();
	await expect(dialog.getByRole('listitem')).toHaveCount(3);
	await shoot(window, 'reactors');
	await page.keyboard.press('Escape');
	await window.button('reaction.more', await window.menu(question)).click();
	await expect(dialog.getByRole('tabpanel').getByRole('button').first()).toBeVisible();
	await shoot(window, 'react');
	await page.keyboard.press('Escape');
	const picture = window.message('From this morning').getByRole('button', { name: /plot\.png/ });
	await picture.click();
	await expect(dialog.getByRole('img')).toBeVisible();
	await shoot(window, 'lightbox');
	await page.keyboard.press('Escape');

	await page.goto(`/rooms/${town.garden.id}?panel=thread&of=${asked.id}`);
	await expect(panel.getByText('The beans want the wall')).toBeVisible();
	await shoot(window, 'thread');
	await page.goto(`/rooms/${town.garden.id}?panel=pins`);
	await expect(panel.getByText(t('pins.by', { name: 'Tomás Abad' }))).toBeVisible();
	await shoot(window, 'pins');
	await page.goto(`/rooms/${town.garden.id}?panel=files`);
	await expect(panel.getByRole('button', { name: /plot\.png/ })).toBeVisible();
	await shoot(window, 'files-pictures');
	await panel.getByRole('tab', { name: t('files.files') }).click();
	await expect(panel.getByText('seeds-and-saplings')).toBeVisible();
	await shoot(window, 'files');
	await panel.getByRole('tab', { name: t('files.links') }).click();
	await expect(panel.getByText('the plan')).toBeVisible();
	await shoot(window, 'links');

	await page.goto(`/rooms/${town.garden.id}`);
	await page.evaluate(() => (document.documentElement.dataset.density = 'compact'));
	await expect(window.message('I am there at six')).toBeInViewport();
	await shoot(window, 'compact');
});

test('what comes in', async ({ open, person, watch, shoot, t }) => {
	watch.allow(/status of 400 /);
	const town = await settle(person);
	for (const text of [
		'Gate code changed, ask me for the new one.',
		'And the **compost** is full again!',
		'@luciaferrer, have you seen the wheelbarrow?',
	]) {
		await town.noor.send(town.trail, text);
	}
	const others = await open(town.noor, `/rooms/${town.trail.id}`);
	const window = await open(town.lucia);
	await expect(window.unreadOf('Sunday trail')).toHaveAttribute('data-unread', '3');
	await shoot(window, 'rooms-unread');
	await window.openRoom('Sunday trail');
	await expect(
		window.page.getByRole('heading', { name: t('timeline.new'), exact: true }),
	).toBeVisible();
	await others.composer.pressSequentially('It is ');
	await expect(window.page.getByText(t('typing.one', { name: 'Noor Haddad' }))).toBeVisible();
	await shoot(window, 'unread-and-typing');
	await window.page.goto(`/rooms/${town.trail.id}?message=${town.garden.id}`);
	await expect(window.page.getByText(t('timeline.gone'))).toBeVisible();
	await shoot(window, 'message-gone');
	const fresh = await town.lucia.group('Harvest dinner', [town.noor]);
	await window.page.goto(`/rooms/${fresh.id}`);
	await expect(window.composer).toBeVisible();
	await shoot(window, 'room-empty');
	await window.page.goto(`/rooms/${town.tomasChat.id}`);
	await expect(window.message('Hecho')).toBeVisible();
	await shoot(window, 'room-direct');
});
