import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './camera.ts';

test.use({ demo: true });

const FOLDER = join(import.meta.dirname, '../../docs/screenshots');

async function take(page: Page, name: string, colorScheme: 'light' | 'dark'): Promise<void> {
	await page.emulateMedia({ colorScheme });
	await page.mouse.move(640, 20);
	const path = join(FOLDER, `${name}.jpg`);
	await page.screenshot({ path, type: 'jpeg', quality: 80, animations: 'disabled' });
}

test('for the README', { tag: '@readme' }, async ({ open, inhabitant, t }) => {
	const lucia = await inhabitant('lucia');
	await lucia.call('PATCH', '/api/v1/users/me/', { language: 'en' });
	for (const name of ['oliver', 'ines']) await open(await inhabitant(name));
	const window = await open(lucia);
	const { page, dialog } = window;
	await expect(window.roomLine('Oliver Grant').locator('.dot.online')).toBeVisible();
	const settled = async () => {
		await expect(window.timeline).toHaveAttribute('aria-busy', 'false');
		await expect(window.timeline.getByRole('article').last()).toBeVisible();
		// Those out of sight are loaded when they come into it.
		await page.waitForFunction(() =>
			[...document.images].every((image) => {
				const { top, bottom } = image.getBoundingClientRect();
				return image.complete || bottom < 0 || top > innerHeight;
			}),
		);
	};
	if (window.touch) {
		await take(page, 'phone-rooms', 'light');
		await window.openRoom('Oliver Grant');
		await settled();
		await take(page, 'phone-room', 'dark');
		await window.menu(window.timeline.getByRole('article').last());
		await take(page, 'phone-message', 'light');
		return;
	}
	await window.openRoom('Release train');
	await settled();
	await page
		.getByRole('button', { name: window.t('timeline.jump') })
		.click({ timeout: 2_000 })
		.catch(() => undefined);
	await take(page, 'room', 'light');
	await window.timeline
		.getByRole('button', { name: /repl(y|ies)$/ })
		.last()
		.click();
	await expect(window.panel.getByRole('article').nth(1)).toBeVisible();
	await take(page, 'thread', 'dark');
	await page.keyboard.press('Escape');
	await window.openRoom('Fotos');
	await settled();
	await page.keyboard.press('Control+k');
	await dialog.getByRole('combobox').fill('ma');
	await expect(dialog.getByRole('option').nth(2)).toBeVisible();
	await expect(dialog.getByText(t('switcher.people'), { exact: true })).toBeVisible();
	await take(page, 'switcher', 'light');
});
