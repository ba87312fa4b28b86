import { goto } from '$app/navigation';
import { page } from '$app/state';

/** What the panel beside a room can show. */
const panelNames = ['details'] as const;
export type PanelName = (typeof panelNames)[number];

/**
 * The panel is part of the address, `?panel=details`: it can be linked to, and the browser's way back
 * closes it.
 */
export function openedPanel(url: URL): PanelName | null {
	return panelNames.find((known) => known === url.searchParams.get('panel')) ?? null;
}

export async function openPanel(name: PanelName): Promise<void> {
	const url = new URL(page.url);
	// From one panel to another is no step to go back.
	const replaceState = openedPanel(url) !== null;
	url.searchParams.set('panel', name);
	await go(url, replaceState);
}

export async function closePanel(): Promise<void> {
	const url = new URL(page.url);
	url.searchParams.delete('panel');
	await go(url, true);
}

function go(url: URL, replaceState: boolean): Promise<void> {
	// eslint-disable-next-line svelte/no-navigation-without-resolve -- the page's own address with another query
	return goto(url, { replaceState, keepFocus: true, noScroll: true });
}
