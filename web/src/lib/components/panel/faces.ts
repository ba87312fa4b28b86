import type { Component } from 'svelte';
import type { Room } from '$lib/api/types';
import { t } from '$lib/i18n/i18n.svelte';
import type { PanelName } from '$lib/state/panel';

interface Face {
	title: () => string;
	/** `of` is what the panel is about, where that is not the room as a whole. */
	load: () => Promise<{ default: Component<{ room: Room; of: string | null }> }>;
}

/** What each panel shows; none of it is there before it is asked for, or the page has come to rest. */
export const faces: Record<PanelName, Face> = {
	thread: { title: () => t('thread.title'), load: () => import('./ThreadPanel.svelte') },
	pins: { title: () => t('pins.title'), load: () => import('./PinsPanel.svelte') },
	files: { title: () => t('files.title'), load: () => import('./FilesPanel.svelte') },
	details: { title: () => t('room.details'), load: () => import('./DetailsPanel.svelte') },
	members: { title: () => t('room.members'), load: () => import('./MembersPanel.svelte') },
	search: { title: () => t('search.title'), load: () => import('./SearchPanel.svelte') },
};
