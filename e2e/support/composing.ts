import type { Window } from './window.ts';

/** A phone shows the formatting bar when it is asked to, other devices with a selection. */
export async function showFormatting(window: Window): Promise<void> {
	if (!window.touch) return;
	await window.button('composer.more').tap();
	await window.page.getByRole('menuitemcheckbox', { name: window.t('composer.format') }).tap();
}
