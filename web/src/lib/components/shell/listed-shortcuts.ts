import type { Shortcut } from '$lib/state/shortcuts';

/** The keys of what has the focus: it listens by itself, and they are only listed. */
export const listed: readonly Shortcut[] = [
	{ keys: ['ArrowUp', 'ArrowDown'], group: 'rooms', label: 'shortcuts.move_rooms' },
	{ keys: ['Shift+F10'], group: 'rooms', label: 'shortcuts.room_menu' },
	{ keys: ['ArrowUp', 'ArrowDown'], group: 'messages', label: 'shortcuts.move_messages' },
	{ keys: ['End'], group: 'messages', label: 'timeline.jump' },
	{ keys: ['Shift+F10'], group: 'messages', label: 'message.actions' },
	{ keys: ['Enter'], group: 'writing', label: 'shortcuts.send' },
	{ keys: ['Shift+Enter'], group: 'writing', label: 'shortcuts.new_line' },
	{ keys: ['ArrowUp'], group: 'writing', label: 'shortcuts.edit_last' },
	{ keys: ['Escape'], group: 'writing', label: 'shortcuts.stop' },
	{ keys: ['Mod+B'], group: 'writing', label: 'composer.bold' },
	{ keys: ['Mod+I'], group: 'writing', label: 'composer.italic' },
	{ keys: ['Mod+Shift+X'], group: 'writing', label: 'composer.strike' },
	{ keys: ['Mod+E'], group: 'writing', label: 'composer.code' },
];
