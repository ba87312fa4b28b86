import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/test.ts';

/** How far a note and another part of the page lie over each other, in pixels from top to bottom; less than none is between them. */
async function overlap(note: Locator, other: Locator): Promise<number> {
	const [a, b] = [await note.boundingBox(), await other.boundingBox()];
	if (!a || !b) throw new Error('not in sight');
	return Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
}

const noteOf = (page: Page) => page.locator('.toasts p');

test('a note stands above the composer, however high that is', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const garden = await ana.group('Garden');
	await ana.send(garden, 'Roses');
	const window = await open(ana, `/rooms/${garden.id}`);
	const { page, composer } = window;
	const form = page.locator('form').filter({ has: composer });
	const note = noteOf(page);
	await window.act(window.message('Roses'), 'delete');
	await expect(note).toContainText(t('message.deleted'));
	await expect.poll(() => overlap(note, form)).toBeLessThanOrEqual(0);
	for (const lines of [1, 4, 8]) {
		await composer.fill('Line\n'.repeat(lines));
		await expect(note).toBeInViewport({ ratio: 1 });
		expect(await overlap(note, form), `${lines} lines`).toBeLessThanOrEqual(0);
	}
});

test('a note keeps off the field that one types in', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const window = await open(ana, 'about:blank');
	test.skip(!window.touch, 'elsewhere there is room enough');
	const { page } = window;
	await page.clock.install();
	await page.goto('/settings/profile');
	const field = page.getByLabel(t('profile.display_name'));
	const note = noteOf(page);
	await field.fill('Ana');
	for (const height of [640, 340, 260]) {
		// What a keyboard leaves.
		await page.setViewportSize({ width: 360, height });
		for (const block of ['start', 'end'] as const) {
			await field.pressSequentially('!');
			await field.evaluate((one, to) => one.scrollIntoView({ block: to }), block);
			await field.press('Enter');
			await expect(note).toHaveText(t('settings.saved'));
			await expect(note).toBeInViewport({ ratio: 1 });
			await expect(field).toBeFocused();
			expect(await overlap(note, field), `${block} of ${height}`).toBeLessThanOrEqual(0);
			await page.clock.fastForward(7_000);
			await expect(note).toHaveCount(0);
		}
	}
});
