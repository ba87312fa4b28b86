import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import { page } from '$app/state';
import type { Room } from '$lib/api/types';
import { markRead } from '$lib/components/rooms/room-actions';
import type { Chat } from '$lib/state/chat.svelte';
import { closePanel, openedPanel, openPanel } from '$lib/state/panel';
import { inOrder, neighbour, sectionsOf, unreadNeighbour } from '$lib/state/room-sections';
import type { Shortcut } from '$lib/state/shortcuts';

/** What the keys do wherever one is, and what the parts of the page do with theirs. */
export function baseShortcuts(chat: Chat): readonly Shortcut[] {
	const current = () => (page.params.id ? chat.rooms.get(page.params.id) : undefined);
	const order = () => inOrder(sectionsOf(chat.rooms.list), chat.shell.collapsed);

	function enter(room: Room | undefined) {
		if (!room) return false;
		void goto(resolve('/(app)/rooms/[id]', { id: room.id }));
	}

	function panel(name: 'search' | 'details') {
		if (!current()) {
			if (name === 'details') return false;
			return void goto(resolve('/(app)/search'));
		}
		void (openedPanel(page.url)?.name === name ? closePanel() : openPanel(name));
	}

	function escape() {
		const room = current();
		if (openedPanel(page.url)) return void closePanel();
		if (!room?.unread_count) return false;
		void markRead(chat, room);
	}

	/** The latest: it is what one has just seen. */
	function note() {
		const buttons = document.querySelectorAll<HTMLElement>('.toasts button');
		[...buttons].at(-1)?.focus();
		return buttons.length > 0;
	}

	const step = (by: 1 | -1) => () => enter(neighbour(order(), page.params.id, by));
	const unread = (by: 1 | -1) => () =>
		enter(
			unreadNeighbour(
				sectionsOf(chat.rooms.list).flatMap(({ rooms }) => rooms),
				page.params.id,
				by,
				new Date(),
			),
		);

	return [
		{
			keys: ['Mod+K'],
			group: 'everywhere',
			label: 'shortcuts.switcher',
			whileTyping: true,
			run: () => void (chat.shell.overlay = 'switcher'),
		},
		{
			keys: ['Mod+Shift+F'],
			group: 'everywhere',
			label: 'shortcuts.search_room',
			whileTyping: true,
			run: () => panel('search'),
		},
		{
			keys: ['Mod+Shift+M'],
			group: 'everywhere',
			label: 'shortcuts.inbox',
			whileTyping: true,
			run: () => void goto(resolve('/(app)/inbox')),
		},
		{
			keys: ['F6'],
			group: 'everywhere',
			label: 'shortcuts.note',
			whileTyping: true,
			run: note,
		},
		{
			keys: ['?'],
			group: 'everywhere',
			label: 'shortcuts.sheet',
			run: () => void (chat.shell.overlay = 'shortcuts'),
		},
		{
			keys: ['Alt+ArrowDown'],
			group: 'rooms',
			label: 'shortcuts.next_room',
			whileTyping: true,
			run: step(1),
		},
		{
			keys: ['Alt+ArrowUp'],
			group: 'rooms',
			label: 'shortcuts.previous_room',
			whileTyping: true,
			run: step(-1),
		},
		{
			keys: ['Alt+Shift+ArrowDown'],
			group: 'rooms',
			label: 'shortcuts.next_unread',
			whileTyping: true,
			run: unread(1),
		},
		{
			keys: ['Alt+Shift+ArrowUp'],
			group: 'rooms',
			label: 'shortcuts.previous_unread',
			whileTyping: true,
			run: unread(-1),
		},
		{
			keys: ['Mod+.'],
			group: 'rooms',
			label: 'shortcuts.details',
			whileTyping: true,
			run: () => panel('details'),
		},
		{
			keys: ['Escape'],
			group: 'rooms',
			label: 'shortcuts.escape',
			whileTyping: true,
			run: escape,
		},
	];
}
