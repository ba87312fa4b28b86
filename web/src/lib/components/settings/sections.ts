import { resolve } from '$app/paths';
import Bell from '@lucide/svelte/icons/bell';
import KeyRound from '@lucide/svelte/icons/key-round';
import MonitorSmartphone from '@lucide/svelte/icons/monitor-smartphone';
import Palette from '@lucide/svelte/icons/palette';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import UserRound from '@lucide/svelte/icons/user-round';

export const settingsPath = () => resolve('/(app)/settings');

/** The pages of the settings, in their order. */
export const sections = [
	{ name: 'profile', Icon: UserRound },
	{ name: 'account', Icon: KeyRound },
	{ name: 'privacy', Icon: ShieldCheck },
	{ name: 'notifications', Icon: Bell },
	{ name: 'appearance', Icon: Palette },
	{ name: 'devices', Icon: MonitorSmartphone },
] as const;
