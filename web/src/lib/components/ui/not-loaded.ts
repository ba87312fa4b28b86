import { t } from '$lib/i18n/i18n.svelte';
import { toasts } from '$lib/state/toasts.svelte';

/** Says that a part of the page could not be had, the server being away, and offers to try `again`. */
export function notLoaded(error: unknown, again: () => void): void {
	console.warn('a part of the page was not loaded', error);
	toasts.show(t('error.network'), { label: t('action.retry'), run: again });
}
