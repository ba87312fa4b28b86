import { expect, type Page, type Request } from '@playwright/test';

/**
 * Follows what a page asks for from here on. The function given back waits until all of that is there, and the page has had a
 * moment with nothing to do in which it asked for nothing more: on a slow machine half a second of silence says little.
 */
export function loading(page: Page): () => Promise<void> {
	const open = new Set<Request>();
	let asked = 0;
	page.on('request', (request) => {
		asked++;
		open.add(request);
	});
	page.on('requestfinished', (request) => open.delete(request));
	page.on('requestfailed', (request) => open.delete(request));
	return async () => {
		let before: number;
		do {
			await expect.poll(() => open.size).toBe(0);
			before = asked;
			await page.evaluate(async () => {
				for (let moments = 0; moments < 3; moments++) {
					await new Promise((go) => requestIdleCallback(go));
				}
			});
		} while (open.size > 0 || asked > before);
	};
}
