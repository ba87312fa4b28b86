import { error } from '@sveltejs/kit';
import { pageAt } from '$lib/components/admin/sections';
import { i18n } from '$lib/i18n/i18n.svelte';
import { admin, moderation } from '$lib/i18n/parts';
import { session } from '$lib/state/session.svelte';
import type { PageLoad } from './$types';

/**
 * One route for all of the administration, which few people see: each route of its own is some bytes of everybody's first page.
 * To all but staff there is nothing here; the server decides over what the pages show.
 */
export const load: PageLoad = async ({ parent, depends, params }) => {
	depends('charla:office');
	const place = pageAt(params.path);
	await parent();
	if (session.status === 'unknown') await session.load();
	if (!place || (session.me && !session.me.is_staff)) error(404, 'Not Found');
	await Promise.all([i18n.add(admin), i18n.add(moderation)]);
	return { place };
};
