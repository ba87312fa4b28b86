import { goto } from '$app/navigation';
import { page } from '$app/state';

/** What the panel beside a room can show. */
export const panelNames = ['details', 'members', 'pins', 'files', 'thread', 'search'] as const;
export type PanelName = (typeof panelNames)[number];

/**
 * The panel is part of the address, `?panel=thread&of={message}`: it can be linked to, and the
 * browser's way back closes it.
 */
export interface OpenPanel {
	name: PanelName;
	/** What it is about, where that is not the room as a whole. */
	of: string | null;
}

export function openedPanel(url: URL): OpenPanel | null {
	const name = panelNames.find((known) => known === url.searchParams.get('panel'));
	return name ? { name, of: url.searchParams.get('of') } : null;
}

export function isThreadOpen(message_id: string): boolean {
	const panel = openedPanel(page.url);
	return panel?.name === 'thread' && panel.of === message_id;
}

export async function openPanel(name: PanelName, of: string | null = null): Promise<void> {
	const url = new URL(page.url);
	// From one panel to another is no step to go back.
	const replaceState = openedPanel(url) !== null;
	url.searchParams.set('panel', name);
	if (of) url.searchParams.set('of', of);
	else url.searchParams.delete('of');
	await go(url, replaceState);
}

export async function closePanel(): Promise<void> {
	const url = new URL(page.url);
	url.searchParams.delete('panel');
	url.searchParams.delete('of');
	await go(url, true);
}

function go(url: URL, replaceState: boolean): Promise<void> {
	// eslint-disable-next-line svelte/no-navigation-without-resolve -- the page's own address with another query
	return goto(url, { replaceState, keepFocus: true, noScroll: true });
}
