import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import type { Window } from './window.ts';

/** Every rule in light colours and in dark ones. */
export async function check({ page }: Window, what: string): Promise<void> {
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme });
		await painted(page);
		// There are no frames: what looks into them may be left out, as may a list of all that is well.
		const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
		const { violations } = await axe.analyze();
		const found = violations.map(({ id, help, nodes }) => ({
			id,
			help,
			where: nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`),
		}));
		expect.soft(found, `${what}, ${colorScheme}`).toEqual([]);
	}
}

function painted(page: Page): Promise<unknown> {
	return page.evaluate(
		() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))),
	);
}
