import { showFormatting } from '../support/composing.ts';
import { check } from '../support/axe.ts';
import { document, picture } from '../support/files.ts';
import { unplug } from '../support/offline.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

// Every state is looked at twice.
test.slow();

test('axe finds nothing in the composer', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Garden', [ben]);
	await ben.send(room, 'Roses?');
	const window = await open(ana, `/rooms/${room.id}`);
	await expect(window.message('Roses?')).toBeVisible();
	await window.composer.click();
	await showFormatting(window);
	await window.composer.pressSequentially('words');
	await window.composer.press('Control+a');
	await expect(window.page.getByRole('toolbar', { name: t('composer.format') })).toBeVisible();
	await check(window, 'formatting');
	await window.composer.fill('');
	await window.composer.pressSequentially('@');
	await expect(window.page.getByRole('option').first()).toBeVisible();
	await check(window, 'people suggested');
	await window.composer.fill('');
	await window.composer.pressSequentially(':rock');
	await expect(window.page.getByRole('option').first()).toBeVisible();
	await check(window, 'emoji suggested');
	await window.composer.fill('x'.repeat(10_001));
	await check(window, 'too long');
	await window.composer.fill('');
	await window.act(window.message('Roses?'), 'reply');
	await check(window, 'answering');
});

test('axe finds nothing in the emoji', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	await window.button('emoji.open').click();
	const picker = window.page.getByRole('dialog', { name: t('emoji.open') });
	await expect(picker.getByRole('tabpanel').getByRole('button').first()).toBeVisible();
	await check(window, 'emoji');
	await picker.getByRole('searchbox').fill('qqqq');
	await expect(picker.getByText(t('emoji.none'))).toBeVisible();
	await check(window, 'no emoji');
});

test('axe finds nothing in files and what waits', async ({ open, person, watch, t }) => {
	watch.allow(refused(400), /ERR_(FAILED|INTERNET_DISCONNECTED)/, /WebSocket connection/);
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	const { page } = window;
	const files = page.locator('input[data-files]');
	const tile = (name: string) => page.locator('form li', { hasText: name });
	await expect(window.composer).toBeVisible();
	const broken = { ...picture('broken.png'), buffer: picture('').buffer.subarray(0, 60) };
	await files.setInputFiles([picture('roses.png'), broken, document('empty.txt', 0)]);
	await expect(tile('roses.png')).toHaveAttribute('data-status', 'done');
	let aborted = false;
	await page.route('**/api/v1/chat/uploads/', async (route) => {
		// The first one breaks off, what follows hangs.
		if (!aborted) await route.abort();
		aborted = true;
	});
	await files.setInputFiles([document('later.txt')]);
	await expect(tile('later.txt')).toHaveAttribute('data-status', 'failed');
	await files.setInputFiles([document('slow.txt')]);
	await expect(tile('slow.txt').getByRole('progressbar')).toBeVisible();
	await check(window, 'files to send');
	await window.send('With a file');
	await expect(window.message('With a file')).toContainText(t('message.uploading'));
	await check(window, 'being uploaded');
	await unplug(window);
	await expect(window.message('With a file')).toContainText(t('message.waiting'));
	await check(window, 'without a connection');
});
