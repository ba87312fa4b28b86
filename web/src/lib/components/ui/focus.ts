import { tick } from 'svelte';

/** Where what had the focus has gone from the page, another takes it. */
export async function catchFocus(other: () => HTMLElement | null | undefined): Promise<void> {
	await tick();
	if (document.activeElement === document.body) other()?.focus();
}
