import type { LayoutLoad } from './$types';
import { i18n } from '$lib/i18n/i18n.svelte';

// One page for all: the server hands out static files and the API, nothing is rendered there.
export const ssr = false;

export const load: LayoutLoad = ({ route }) =>
	i18n.prepare(route.id?.startsWith('/(app)') ?? false);
