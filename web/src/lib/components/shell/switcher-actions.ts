import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import { page } from '$app/state';
import Compass from '@lucide/svelte/icons/compass';
import Download from '@lucide/svelte/icons/download';
import Inbox from '@lucide/svelte/icons/inbox';
import Keyboard from '@lucide/svelte/icons/keyboard';
import LogOut from '@lucide/svelte/icons/log-out';
import MessageCirclePlus from '@lucide/svelte/icons/message-circle-plus';
import Search from '@lucide/svelte/icons/search';
import Settings2 from '@lucide/svelte/icons/settings-2';
import SunMoon from '@lucide/svelte/icons/sun-moon';
import UsersRound from '@lucide/svelte/icons/users-round';
import type { Component } from 'svelte';
import { t } from '$lib/i18n/i18n.svelte';
import { problemText } from '$lib/i18n/problems';
import type { Chat } from '$lib/state/chat.svelte';
import { install } from '$lib/state/install.svelte';
import { openPanel } from '$lib/state/panel';
import { theme, type Theme } from '$lib/state/theme.svelte';
import { toasts } from '$lib/state/toasts.svelte';
import { signOut } from './sign-out';

export interface SwitcherAction {
	readonly label: string;
	readonly Icon: Component<{ size?: number; 'aria-hidden'?: 'true' }>;
	readonly run: () => void;
}

const themes: Theme[] = ['system', 'light', 'dark'];

/** What one can do from anywhere. */
export function switcherActions(chat: Chat): SwitcherAction[] {
	const { shell } = chat;
	const actions: SwitcherAction[] = [
		{
			label: t('rooms.new_chat'),
			Icon: MessageCirclePlus,
			run: () => (shell.overlay = 'new-chat'),
		},
		{ label: t('rooms.new_group'), Icon: UsersRound, run: () => (shell.overlay = 'new-group') },
		{ label: t('rooms.browse'), Icon: Compass, run: () => void goto(resolve('/(app)/browse')) },
		{ label: t('switcher.search'), Icon: Search, run: () => void goto(resolve('/(app)/search')) },
		{ label: t('inbox.title'), Icon: Inbox, run: () => void goto(resolve('/(app)/inbox')) },
		{
			label: t('settings.title'),
			Icon: Settings2,
			run: () => void goto(resolve('/(app)/settings')),
		},
		{ label: t('shortcuts.title'), Icon: Keyboard, run: () => (shell.overlay = 'shortcuts') },
	];
	for (const choice of themes.filter((one) => one !== theme.theme)) {
		const label = t('switcher.theme', { theme: t(`account.theme.${choice}`) });
		actions.push({ label, Icon: SunMoon, run: () => theme.choose(choice) });
	}
	if (install.offer) {
		actions.push({ label: t('install.title'), Icon: Download, run: () => void install.take() });
	}
	actions.push({
		label: t('auth.sign_out'),
		Icon: LogOut,
		run: () => void signOut(chat).catch((error: unknown) => toasts.show(problemText(error))),
	});
	return actions;
}

/** Where messages with these words can be looked for: everywhere, and in the room that is open. */
export function messageSearches(chat: Chat, words: string): SwitcherAction[] {
	if (!words) return [];
	const everywhere = `${resolve('/(app)/search')}?${new URLSearchParams({ q: words })}`;
	const searches: SwitcherAction[] = [
		{
			label: t('rooms.filter.messages', { words }),
			Icon: Search,
			// eslint-disable-next-line svelte/no-navigation-without-resolve -- resolved; the words go along
			run: () => void goto(everywhere),
		},
	];
	if (page.params.id && chat.rooms.get(page.params.id)) {
		searches.push({
			label: t('switcher.messages.here', { words }),
			Icon: Search,
			run() {
				chat.shell.everywhere = false;
				void openPanel('search', words);
			},
		});
	}
	return searches;
}
