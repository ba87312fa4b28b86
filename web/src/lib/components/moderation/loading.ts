import { i18n } from '$lib/i18n/i18n.svelte';
import { moderation } from '$lib/i18n/parts';

/** A part of the page, with the texts that it needs. */
async function worded<T>(part: Promise<T>): Promise<T> {
	const [loaded] = await Promise.all([part, i18n.add(moderation)]);
	return loaded;
}

export const reportDialog = () => worded(import('./ReportDialog.svelte'));
export const reportMessage = () => worded(import('./ReportMessage.svelte'));
export const standingNote = () => worded(import('./StandingNote.svelte'));
export const ownSanctions = () => worded(import('./OwnSanctions.svelte'));
