import type { Locator, Page } from '@playwright/test';
import { PASSWORD } from '../support/account.ts';
import { expect, test } from '../support/test.ts';

/** Presses a key until the focus is there. */
async function walkTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
	for (let presses = 0; presses < 40; presses++) {
		if (await target.evaluate((element) => element === document.activeElement)) return;
		await page.keyboard.press(key);
	}
	throw new Error(`${key} does not lead to ${target}`);
}

test(
	'all by keyboard: sign in, open, send, reply, edit, delete',
	{ tag: ['@main', '@desktop'] },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		await ben.send(room, 'Do you hear me?');
		const window = await open();
		const { page } = window;
		const { keyboard } = page;

		await walkTo(page, page.getByLabel(t('field.username')));
		await keyboard.type('anaruiz');
		await walkTo(page, page.getByLabel(t('field.password')));
		await keyboard.type(PASSWORD);
		await keyboard.press('Enter');

		await expect(window.roomLine('Ben Okoye')).toBeVisible();
		await walkTo(page, window.roomLine('Ben Okoye'));
		await keyboard.press('Enter');
		await expect(window.composer).toBeFocused();
		await expect(window.message('Do you hear me?')).toBeVisible();
		await keyboard.type('Loud and');
		await keyboard.press('Shift+Enter');
		await keyboard.type('clear');
		await keyboard.press('Enter');
		await expect(window.message('Loud and clear')).toHaveAttribute('data-status', 'sent');

		// To the newest message, up to the one before, and to its buttons.
		await walkTo(page, window.message('Loud and clear'), 'Shift+Tab');
		await keyboard.press('ArrowUp');
		await expect(window.message('Do you hear me?')).toBeFocused();
		await walkTo(page, window.button('message.reply', window.message('Do you hear me?')));
		await keyboard.press('Enter');
		await expect(window.composer).toBeFocused();
		await keyboard.type('Very well');
		await keyboard.press('Enter');
		await expect(window.message('Very well').getByRole('blockquote')).toContainText(
			'Do you hear me?',
		);

		await expect(window.message('Very well')).toHaveAttribute('data-status', 'sent');
		await expect(window.composer).toBeFocused();
		await keyboard.press('ArrowUp');
		await expect(window.composer).toHaveValue('Very well');
		await keyboard.press('End');
		await keyboard.type(' indeed');
		await keyboard.press('Enter');
		await expect(window.message('Very well indeed')).toContainText(t('message.edited'));
		await expect(window.composer).toHaveValue('');

		// Back to the message that had the focus last, and down to the newest.
		await walkTo(page, window.message('Do you hear me?'), 'Shift+Tab');
		await keyboard.press('ArrowDown');
		await keyboard.press('ArrowDown');
		await expect(window.message('Very well indeed')).toBeFocused();
		await keyboard.press('Shift+F10');
		await walkTo(page, window.button('message.delete', window.actions), 'ArrowDown');
		await keyboard.press('Enter');
		await expect(window.actions).toHaveCount(0);
		await expect(window.message(t('message.deleted'))).toBeVisible();
		await expect(window.message(t('message.deleted'))).toBeFocused();
	},
);
