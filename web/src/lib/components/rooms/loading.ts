import { i18n } from '$lib/i18n/i18n.svelte';
import { slowMode } from '$lib/i18n/parts';

/** A part of the page, with the texts that it needs. */
async function worded<T>(part: Promise<T>): Promise<T> {
	const [loaded] = await Promise.all([part, i18n.add(slowMode)]);
	return loaded;
}

export const slowNote = () => worded(import('$lib/components/composer/SlowNote.svelte'));
export const slowModeField = () => worded(import('./SlowModeField.svelte'));
