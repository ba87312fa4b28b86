import type { History, Visibility } from '$lib/api/types';
import { t } from '$lib/i18n/i18n.svelte';

/** A room that is public stays so, whoever may make others. */
export function visibilities(mayPublish: boolean) {
	const all: Visibility[] = ['private', 'public'];
	return (mayPublish ? all : all.slice(0, 1)).map((value) => ({
		value,
		label: t(`group.${value}`),
		hint: t(`group.${value}.hint`),
	}));
}

export function histories() {
	const all: History[] = ['all', 'from_join'];
	return all.map((value) => ({
		value,
		label: t(`room.history.${value}`),
		hint: t(`room.history.${value}.hint`),
	}));
}
