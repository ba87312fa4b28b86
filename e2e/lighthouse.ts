import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from '@playwright/test';
import lighthouse, { desktopConfig, type Result } from 'lighthouse';
import { chromium as installed } from './support/chromium.ts';
import { expect, stateOf, test } from './support/test.ts';

const CATEGORIES = ['performance', 'accessibility', 'best-practices'];

/** The marks, and what has cost some of them. */
function tell(title: string, { categories, audits }: Result): void {
	const marks = CATEGORIES.map((id) => `${id} ${Math.round((categories[id]?.score ?? 0) * 100)}`);
	console.log(`\n${title}: ${marks.join(', ')}`);
	for (const { id, weight } of CATEGORIES.flatMap((name) => categories[name]?.auditRefs ?? [])) {
		const audit = audits[id];
		if (weight === 0 || !audit || audit.score === null || audit.score >= 0.9) continue;
		console.log(`  ${audit.score} ${audit.title} ${audit.displayValue ?? ''}`);
	}
}

/** Gives a browser what one holds that has signed in. */
async function signIn(browser: BrowserContext, { cookies, origins }: ReturnType<typeof stateOf>) {
	await browser.addCookies(cookies);
	const page = await browser.newPage();
	for (const { origin, localStorage: items } of origins) {
		await page.goto(`${origin}/mark.svg`);
		for (const { name, value } of items) {
			await page.evaluate(([key, text]) => localStorage.setItem(key, text), [name, value] as const);
		}
	}
	await page.close();
}

test('marks', async ({ person, server }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Garden', [ben], { topic: 'Roses and more' });
	for (let i = 1; i <= 20; i++) await (i % 3 ? ana : ben).send(room, `Message **${i}**`);

	const profile = mkdtempSync(join(tmpdir(), 'charla-lighthouse-'));
	const args = [...(installed.args ?? []), '--remote-debugging-port=0'];
	const browser = await chromium.launchPersistentContext(profile, { ...installed, args });
	try {
		const port = Number(readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n')[0]);
		for (const [name, path] of [
			['sign-in', '/sign-in'],
			['room', `/rooms/${room.id}`],
		] as const) {
			if (name === 'room') await signIn(browser, stateOf(server.url, ana));
			for (const [kind, config] of [
				['mobile', undefined],
				['desktop', desktopConfig],
			] as const) {
				const flags = { port, onlyCategories: CATEGORIES, disableStorageReset: true };
				const run = await lighthouse(server.url + path, flags, config);
				expect(run?.lhr.finalDisplayedUrl).toContain(path);
				if (run) tell(`${name}, ${kind}`, run.lhr);
			}
		}
	} finally {
		await browser.close();
		rmSync(profile, { recursive: true, force: true });
	}
});
