import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Window } from './window.ts';

/**
 * All rules in light colours; in dark ones, what depends on colours. The themes are one and the same page: they differ
 * in the values of its colours alone (`light-dark()` in the tokens), so that all other rules would say the same twice.
 */
export async function check({ page }: Window, what: string): Promise<void> {
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme });
		// There are no frames: what looks into them may be left out.
		const axe = new AxeBuilder({ page }).setLegacyMode();
		if (colorScheme === 'dark') axe.withRules(['color-contrast', 'link-in-text-block']);
		const { violations } = await axe.analyze();
		const found = violations.map(({ id, help, nodes }) => ({
			id,
			help,
			where: nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`),
		}));
		expect.soft(found, `${what}, ${colorScheme}`).toEqual([]);
	}
}
