import { goto } from '$app/navigation';
import { page } from '$app/state';

/** What a list is narrowed to stands in the address; an empty value is none. */
export function filterOf(name: string): string {
	return page.url.searchParams.get(name) ?? '';
}

/** One of `known`, or none. */
export function choiceOf<T extends string>(name: string, known: readonly T[]): T | '' {
	const value = filterOf(name);
	return known.find((one) => one === value) ?? '';
}

export async function filterBy(changes: Record<string, string>): Promise<void> {
	const url = new URL(page.url);
	for (const [name, value] of Object.entries(changes)) {
		if (value) url.searchParams.set(name, value);
		else url.searchParams.delete(name);
	}
	// eslint-disable-next-line svelte/no-navigation-without-resolve -- the page's own address with another query
	await goto(url, { replaceState: true, keepFocus: true, noScroll: true });
}
