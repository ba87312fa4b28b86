import { SvelteMap } from 'svelte/reactivity';

const MAX = 200;
/** What stands for each `thumbhash`; empty where nothing can. */
const made = new SvelteMap<string, string>();

/** What stands there until the picture is loaded, as the value of `background-image`; null until it is made. */
export function placeholder(thumbhash: string | null): string | null {
	if (!thumbhash) return null;
	const known = made.get(thumbhash);
	if (known === undefined) void make(thumbhash);
	return known || null;
}

async function make(thumbhash: string): Promise<void> {
	let value = '';
	try {
		const { thumbHashToDataURL } = await import('thumbhash');
		const bytes = Uint8Array.from(atob(thumbhash), (char) => char.charCodeAt(0));
		value = `url(${thumbHashToDataURL(bytes)})`;
	} catch (error) {
		console.warn('no placeholder', error);
	}
	made.set(thumbhash, value);
	// The one that has been there the longest is made again if need be.
	for (const oldest of [...made.keys()].slice(0, -MAX)) made.delete(oldest);
}
