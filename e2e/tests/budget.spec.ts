import { gzipSync } from 'node:zlib';
import type { Page, Response } from '@playwright/test';
import { fill } from '../support/crowd.ts';
import { loading } from '../support/loading.ts';
import { expect, test } from '../support/test.ts';

/** What a file begins with that the browser compiles while it loads it. */
const AHEAD = '//# allFunctionsCalledOnLoad';

/** Adds up the scripts that a page loads, until the function given back is called. */
function scriptsOf(
	page: Page,
): () => Promise<{ gzip: number; ahead: number; sent: string; files: string }> {
	const answers: Response[] = [];
	page.on('response', (response) => {
		const type = response.headers()['content-type'] ?? '';
		if (response.ok() && type.includes('javascript')) answers.push(response);
	});
	return async () => {
		const sizes = await Promise.all(
			answers.map(async (answer) => {
				const body = await answer.body();
				const { length } = gzipSync(body, { level: 9 });
				const ahead = body.subarray(0, AHEAD.length).toString() === AHEAD;
				return {
					length,
					ahead,
					name: new URL(answer.url()).pathname.split('/').slice(-2).join('/'),
				};
			}),
		);
		sizes.sort((a, b) => b.length - a.length);
		const sum = (some: typeof sizes) => some.reduce((total, { length }) => total + length, 0);
		const codings = answers.map((answer) => answer.headers()['content-encoding'] ?? 'as it is');
		return {
			gzip: sum(sizes),
			ahead: sum(sizes.filter(({ ahead }) => ahead)),
			sent: [...new Set(codings)].sort().join(', '),
			files: sizes.map(({ name, length }) => `${length} ${name}`).join('\n'),
		};
	};
}

/** What the server sends is smaller still: brotli. Gzip is what budgets are counted in. */
async function within(budget: number, what: string, count: ReturnType<typeof scriptsOf>) {
	const { gzip, ahead, sent, files } = await count();
	console.log(`${what}: ${(gzip / 1000).toFixed(1)} kB of scripts, gzip 9 (sent: ${sent})`);
	await test.info().attach(what, { body: files });
	expect(gzip, files).toBeLessThanOrEqual(budget);
	expect(ahead, 'most of it is compiled while it is loaded').toBeGreaterThan(gzip / 2);
}

/** What a page asks the API, in order. */
function calls(page: Page): string[] {
	const paths: string[] = [];
	page.on('request', (request) => {
		const { pathname } = new URL(request.url());
		if (pathname.startsWith('/api/')) paths.push(pathname);
	});
	return paths;
}

/** A page that has all it shows begins to fetch what may be wanted later, after two seconds: here it never does. */
const neverRests = (page: Page) =>
	page.addInitScript(() => {
		const later = window.setTimeout.bind(window);
		const held = (run: TimerHandler, ms?: number) => later(run, ms === 2_000 ? 1e9 : ms);
		window.setTimeout = held as typeof window.setTimeout;
	});

test('the sign-in page is light', { tag: '@desktop' }, async ({ open }) => {
	const window = await open(null, 'about:blank');
	const count = scriptsOf(window.page);
	const asked = calls(window.page);
	const loaded = loading(window.page);
	await window.page.goto('/sign-in');
	await expect(window.button('auth.sign_in')).toBeVisible();
	await loaded();
	// Asked for before the scripts are there, and once.
	expect(asked).toEqual(['/api/v1/auth/register/']);
	await within(60_000, 'sign-in page', count);
});

test('the first room is light', { tag: '@desktop' }, async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Harbour', [ben], { topic: 'Boats' });
	await fill([ana, ben], room, 60);
	await ben.send(room, 'The last one');
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
	const window = await open(ana, 'about:blank');
	const count = scriptsOf(window.page);
	const asked = calls(window.page);
	const loaded = loading(window.page);
	await neverRests(window.page);
	await window.page.goto(`/rooms/${room.id}`);
	await expect(window.message('The last one')).toBeInViewport();
	await expect(window.composer).toBeVisible();
	await loaded();
	// What is asked for before the scripts are there is what they ask for.
	for (const path of ['/api/v1/users/me/', '/api/v1/chat/rooms/']) {
		expect(asked.filter((one) => one === path)).toHaveLength(1);
	}
	await within(130_000, 'first room', count);
});

test('the way to sign up is there once it is pointed at', async ({ open, t, hasTouch, watch }) => {
	watch.allow(/ERR_INTERNET_DISCONNECTED/);
	const window = await open(null, '/sign-in');
	const { page } = window;
	await expect(window.button('auth.sign_in')).toBeVisible();
	const link = page.getByRole('link', { name: t('auth.sign_up') });
	const loaded = loading(page);
	const coming = page.waitForResponse('**/_app/immutable/nodes/*.js');
	if (hasTouch) await link.focus();
	else await link.hover();
	await coming;
	await loaded();
	await page.context().setOffline(true);
	await link.click();
	await expect(window.button('auth.sign_up')).toBeVisible();
});
