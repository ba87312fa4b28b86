import { resolve } from '$app/paths';
import Flag from '@lucide/svelte/icons/flag';
import ListChecks from '@lucide/svelte/icons/list-checks';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import Ticket from '@lucide/svelte/icons/ticket';
import UsersRound from '@lucide/svelte/icons/users-round';

/** The address of a page, `people/{id}` and `rooms/{id}` too; without one that of the list of them. */
export const adminPath = (path = '') => resolve('/(app)/admin/[...path]', { path });

/** The pages of the administration, in their order. */
export const sections = [
	{ name: 'reports', Icon: Flag },
	{ name: 'people', Icon: UsersRound },
	{ name: 'rooms', Icon: MessagesSquare },
	{ name: 'invites', Icon: Ticket },
	{ name: 'settings', Icon: SlidersHorizontal },
	{ name: 'jobs', Icon: ListChecks },
	{ name: 'audit', Icon: ScrollText },
] as const;

type Section = (typeof sections)[number]['name'];

export interface Place {
	name: Section | 'index' | 'person' | 'room';
	/** What it is about, where that is one of a list. */
	id: string;
}

/** What stands at an address below `/admin`; null where nothing does. */
export function pageAt(path: string): Place | null {
	const [first = '', id = '', ...more] = path.split('/');
	if (more.length > 0) return null;
	if (first === 'people' && id) return { name: 'person', id };
	if (first === 'rooms' && id) return { name: 'room', id };
	const section = sections.find(({ name }) => name === first);
	if (id || (first && !section)) return null;
	return { name: section?.name ?? 'index', id };
}
