import { goto, pushState } from '$app/navigation';
import { resolve } from '$app/paths';
import { narrow } from './narrow';

/**
 * Shows who somebody is: over the page where there is room for it, else as a page. Either way it is
 * in the address, and the browser's way back leads to where one was.
 */
export function openPerson(id: string): void {
	const path = resolve('/(app)/people/[id]', { id });
	if (narrow.current) void goto(path);
	else pushState(path, { person: id });
}
