import { preloadCode } from '$app/navigation';
import { resolve } from '$app/paths';
import type { Chat } from '$lib/state/chat.svelte';
import { faces } from '$lib/components/panel/faces';

/** What may be wanted later is there by then, also when the server is not. */
export async function fetchAhead(chat: Chat): Promise<void> {
	const pages = [
		resolve('/sign-in'),
		resolve('/'),
		resolve('/(app)/browse'),
		resolve('/(app)/friends'),
		resolve('/(app)/inbox'),
		resolve('/(app)/people/[id]', { id: 'any' }),
		resolve('/(app)/search'),
		resolve('/(app)/settings'),
		resolve('/(app)/settings/notifications'),
	];
	const loads = [
		() => import('./live-notices'),
		() => import('$lib/components/ui/ContextMenu.svelte'),
		() => import('./AccountMenu.svelte'),
		() => import('./sign-out'),
		async () => (await import('$lib/state/left-rooms')).followLeft(chat),
		() => import('$lib/components/timeline/MessageMenu.svelte'),
		() => import('./FilterResults.svelte'),
		() => import('./UnkeptNote.svelte'),
		() => import('$lib/components/composer/FormatBar.svelte'),
		() => import('$lib/components/composer/UploadTiles.svelte'),
		() => import('$lib/components/composer/PendingFiles.svelte'),
		() => import('$lib/state/kept-uploads'),
		() => import('thumbhash'),
		...Object.values(faces).map(({ load }) => load),
		() => import('$lib/components/people/PersonDialog.svelte'),
		() => import('$lib/components/rooms/RoomConfirm.svelte'),
		() => import('$lib/components/rooms/RoomDoor.svelte'),
		...pages.map((page) => () => preloadCode(page)),
	];
	// One after the other: what somebody waits for goes before.
	for (const load of loads) {
		try {
			await load();
		} catch (error) {
			console.warn('not fetched ahead', error);
		}
	}
}
