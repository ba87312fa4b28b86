import { goto, pushState } from '$app/navigation';
import { resolve } from '$app/paths';
import { narrow } from './narrow';

/**
 * Shows who somebody is: over the page where there is room for it, else as a page. Either way it is
 * in the address, and the browser's way back leads to where one was.
 */
export function openPerson(id: string): void {
	const path = resolve('/(app)/people/[id]', { id });
	// eslint-disable-next-line svelte/no-navigation-without-resolve -- resolved just above
	if (narrow.current) void goto(path);
	// eslint-disable-next-line svelte/no-navigation-without-resolve -- resolved just above
	else pushState(path, { person: id });
}
