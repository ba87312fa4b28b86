import { setLanguage } from '$lib/api/people';
import { i18n } from '$lib/i18n/i18n.svelte';
import type { Language } from '$lib/i18n/translate';
import { session } from './session.svelte';

/** Of the page, and of the account where there is one to be told: of neither where either fails. */
export async function chooseLanguage(language: Language): Promise<void> {
	const before = i18n.language;
	await i18n.choose(language);
	// An account whose address is not verified can change nothing yet.
	if (!session.me || session.held) return;
	try {
		session.update(await setLanguage(language));
	} catch (error) {
		await i18n.choose(before);
		throw error;
	}
}
