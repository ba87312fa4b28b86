import { ApiError } from '$lib/api/errors';
import { t } from './i18n.svelte';

/** What to tell about a failed call. The server's words are in the reader's language already. */
export function problemText(error: unknown): string {
	if (error instanceof ApiError) return error.message;
	return error instanceof TypeError ? t('error.network') : t('error.unknown');
}

/** The errors of single fields; empty where the refusal is about the whole. */
export function fieldErrors(error: unknown): Record<string, string[]> {
	return error instanceof ApiError ? error.errors : {};
}
