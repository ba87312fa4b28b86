import { showFormatting } from '../support/composing.ts';
import { document, picture } from '../support/files.ts';
import { lose } from '../support/offline.ts';
import { SERVER_AWAY } from '../support/watch.ts';
import { expect, test } from './camera.ts';
import { settle } from './town.ts';

test('writing', async ({ open, person, shoot, t }) => {
	const { lucia, garden } = await settle(person);
	const window = await open(lucia, `/rooms/${garden.id}`);
	const { page, composer } = window;
	await expect(window.message('Thank you both!')).toBeVisible();
	await window.act(window.message('Thank you both!'), 'reply');
	await composer.fill(
		'Good to know, I was holding it far too long.\n\nI’ll write it on the shed door.',
	);
	await shoot(window, 'replying');
	await composer.fill('');
	await window.button('action.cancel').click();
	await composer.click();
	await showFormatting(window);
	await composer.pressSequentially('words');
	await composer.press('Control+a');
	await expect(page.getByRole('toolbar', { name: t('composer.format') })).toBeVisible();
	await shoot(window, 'formatting');
	await composer.fill('');
	await composer.pressSequentially('@');
	await expect(page.getByRole('option').first()).toBeVisible();
	await shoot(window, 'completing-people');
	await composer.fill('');
	await composer.pressSequentially(':tom');
	await expect(page.getByRole('option').first()).toBeVisible();
	await shoot(window, 'completing-emoji');
	await composer.fill('A word '.repeat(1_430));
	await shoot(window, 'too-long');
	await composer.fill('');
	await window.button('emoji.open').click();
	const picker = page.getByRole('dialog', { name: t('emoji.open') });
	await expect(picker.getByRole('tabpanel').getByRole('button').first()).toBeVisible();
	await shoot(window, 'emoji');
	await picker.getByRole('searchbox').fill('tree');
	await shoot(window, 'emoji-found');
	await page.keyboard.press('Escape');
	if (!window.touch) return;
	await window.button('composer.more').tap();
	await shoot(window, 'composer-menu');
});

test('files', async ({ open, person, watch, shoot, t }) => {
	watch.allow(/status of 400 /, SERVER_AWAY, /ERR_FAILED/);
	const { lucia, garden } = await settle(person);
	const window = await open(lucia, `/rooms/${garden.id}`);
	const { page } = window;
	await expect(window.message('Thank you both!')).toBeVisible();
	const files = page.locator('input[data-files]');
	const tile = (name: string) => page.locator('form li', { hasText: name });
	await files.setInputFiles([picture('The bed by the wall.png'), document('empty.txt', 0)]);
	await expect(tile('The bed by the wall.png')).toHaveAttribute('data-status', 'done');
	let aborted = false;
	await page.route('**/api/v1/chat/uploads/', async (route) => {
		// The first one breaks off, what follows hangs.
		if (!aborted) await route.abort();
		aborted = true;
	});
	await files.setInputFiles([document('minutes.txt')]);
	await expect(tile('minutes.txt')).toHaveAttribute('data-status', 'failed');
	await files.setInputFiles([document('A very long name of a file about seeds.txt')]);
	await expect(tile('A very long').getByRole('progressbar')).toBeVisible();
	await shoot(window, 'uploads');
	await window.send('The plan, with pictures');
	await expect(window.message('The plan')).toContainText(t('message.uploading'));
	await shoot(window, 'uploading');
});

test('without the server', async ({ open, person, watch, server, shoot }) => {
	watch.allow(SERVER_AWAY, /ERR_INTERNET_DISCONNECTED/);
	const { lucia, tomas, garden } = await settle(person);
	const window = await open(lucia, `/rooms/${garden.id}`);
	await expect(window.message('Thank you both!')).toBeVisible();
	await lose(server, [window]);
	await window.send('I’ll take the wheelbarrow home for the weekend.');
	await shoot(window, 'offline');
	await window.page.context().setOffline(true);
	await server.start();
	await tomas.call('DELETE', `/api/v1/chat/rooms/${garden.id}/`);
	await window.page.context().setOffline(false);
	await expect(window.message('I’ll take')).toHaveAttribute('data-status', 'failed');
	await shoot(window, 'refused');
});
