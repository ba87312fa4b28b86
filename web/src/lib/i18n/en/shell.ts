import type { Plural } from '../plural.ts';

export const shell = {
	'rooms.title': 'Rooms',
	'rooms.empty': 'No rooms yet',
	'rooms.empty.text': 'Talk to somebody, or join a room that is open to all.',
	'rooms.empty.chat': 'Start a chat',
	'rooms.empty.browse': 'Find public rooms',
	'rooms.failed': 'Your rooms could not be loaded.',
	'rooms.new_chat': 'New chat',
	'rooms.new_group': 'New group',
	'rooms.browse': 'Browse public rooms',
	'rooms.none_selected': 'Pick a room to start talking.',
	'rooms.unread': {
		one: '{count} unread message',
		other: '{count} unread messages',
	} as Plural,
	'rooms.you': 'You: {text}',
	'rooms.sender': '{name}: {text}',
	'rooms.draft': 'Draft: {text}',

	'account.menu': 'Account',
	'account.language': 'Language',
	'account.theme': 'Theme',
	'account.theme.system': 'System',
	'account.theme.light': 'Light',
	'account.theme.dark': 'Dark',

	'presence.online': 'Online',
	'presence.offline': 'Offline',
	'presence.last_seen': 'Last seen {time}',
} as const;
