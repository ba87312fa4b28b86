import type { Route } from '@playwright/test';
import { document as paper } from '../support/files.ts';
import { installed, versions } from '../support/kept.ts';
import { RECONNECTED } from '../support/offline.ts';
import { Releases } from '../support/releases.ts';
import { PASSWORD } from '../support/account.ts';
import { expect, test } from '../support/test.ts';
import { SERVER_AWAY } from '../support/watch.ts';
import { Window } from '../support/window.ts';

test.use({ serviceWorkers: 'allow' });

/** Whether a window runs on the next version: whole, and nothing but. */
async function onNext({ page }: Window): Promise<boolean> {
	const files = await page.evaluate(() => [
		...[...document.querySelectorAll('link[rel="modulepreload"]')].map(
			(link) => (link as HTMLLinkElement).href,
		),
		...performance.getEntriesByType('resource').map(({ name }) => name),
	]);
	const ours = files.filter((name) => name.includes('/_app/immutable/'));
	const next = ours.filter((name) => name.includes('/_app/immutable/next/'));
	expect([0, ours.length], 'of two versions').toContain(next.length);
	return next.length > 0;
}

test(
	'a new version waits until it is asked for, and no window ever runs on two',
	{ tag: '@main' },
	async ({ server, open, person, watch, t, hasTouch }) => {
		watch.allow(SERVER_AWAY, /request to another origin: (http|ws):\/\/127\.0\.0\.1/);
		const releases = await Releases.before(server);
		try {
			const ana = await person('Ana Ruiz');
			const room = await ana.group('Garden');
			await ana.send(room, 'Roses');
			const window = await open(null, `${releases.url}/sign-in`);
			const { page } = window;
			await window.signIn('anaruiz', PASSWORD);
			await window.openRoom('Garden');
			await installed(window);
			const other = new Window(await page.context().newPage(), t, hasTouch);
			await other.page.goto(`${releases.url}/rooms/${room.id}`);
			await expect(other.message('Roses')).toBeVisible();

			// Another server, which has another client.
			await releases.release();
			await server.stop('SIGTERM');
			await server.start();
			const ready = page.getByText(t('update.ready'));
			await expect(ready).toBeVisible(RECONNECTED);
			expect(Object.keys(await versions(window))).toHaveLength(2);
			await page.reload();
			await expect(window.message('Roses')).toBeVisible();
			expect(await onNext(window)).toBe(false);
			await expect(ready).toBeVisible(RECONNECTED);

			// What is being uploaded would be lost with the page.
			let held: Route | undefined;
			await page.route('**/api/v1/chat/uploads/', (route) => void (held = route));
			await page
				.locator('input[data-files]')
				.first()
				.setInputFiles([paper('plan.txt')]);
			await expect.poll(() => held !== undefined).toBe(true);
			await window.send('See the plan');
			await expect(window.message('See the plan')).toContainText(t('message.uploading'));
			await window.composer.fill('Not sent yet');
			await window.button('update.reload').click();
			await expect(page.getByText(t('update.uploading'))).toBeVisible();
			expect(await onNext(window)).toBe(false);
			await held?.continue();
			await expect.poll(() => onNext(window).catch(() => false)).toBe(true);
			await expect(window.message('See the plan')).toBeVisible();
			await expect(window.composer).toHaveValue('Not sent yet');
			await expect(ready).toHaveCount(0);

			// The window beside it has what it needs for as long as it wants.
			await other.page.bringToFront();
			await expect(other.page.getByText(t('update.ready'))).toBeVisible();
			await other.button('emoji.open').click();
			await expect(other.dialog.getByRole('tab')).toHaveCount(9);
			await other.page.keyboard.press('Escape');
			expect(await onNext(other)).toBe(false);
			await other.button('update.later').click();
			await expect(other.page.getByText(t('update.ready'))).toHaveCount(0);
			await other.page.reload();
			await expect(other.message('Roses')).toBeVisible();
			expect(await onNext(other)).toBe(true);
			// Nothing runs on the old one any more.
			await expect.poll(async () => Object.keys(await versions(other)).length).toBe(1);
		} finally {
			releases.close();
		}
	},
);
