import { goto, replaceState } from '$app/navigation';
import { resolve } from '$app/paths';
import { page } from '$app/state';
import { narrow } from './narrow';
import type { Position } from './room-view.svelte';

/** A place in a room to come back to. */
export type Place = Position | 'end';

/** The message that an address leads to: `/rooms/{id}?message={message_id}`. */
export function targetOf(url: URL): string | null {
	return url.searchParams.get('message');
}

/** The address of a message, to be linked to. */
export function messageAddress(room_id: string, message_id: string): string {
	return `${resolve('/(app)/rooms/[id]', { id: room_id })}?message=${message_id}`;
}

let whereOneIs: (() => Place) | null = null;

/** The timeline on screen says where somebody is in it, so that there is a way back. Gives back what ends this. */
export function announcePlace(place: () => Place): () => void {
	whereOneIs = place;
	return () => {
		if (whereOneIs === place) whereOneIs = null;
	};
}

/** Keeps in the history where somebody is, before they go elsewhere in the room. */
export function rememberPlace(): void {
	if (whereOneIs) replaceState('', { ...page.state, at: whereOneIs() });
}

/** Goes to a message, of the room on screen unless another is named. The browser's way back leads to where one was. */
export async function jumpTo(message_id: string, room_id = page.params.id ?? ''): Promise<void> {
	const url = new URL(messageAddress(room_id, message_id), page.url);
	const inside = room_id === page.params.id;
	// On a phone the panel would hide what it leads to.
	if (inside && !narrow.current) {
		for (const name of ['panel', 'of']) {
			const value = page.url.searchParams.get(name);
			if (value !== null) url.searchParams.set(name, value);
		}
	}
	if (inside) rememberPlace();
	// eslint-disable-next-line svelte/no-navigation-without-resolve -- resolved above, with a query
	await goto(url, { keepFocus: true, noScroll: true, state: inside ? { jumped: true } : {} });
}
