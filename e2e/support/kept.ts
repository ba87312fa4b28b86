import type { Window } from './window.ts';

/** What this device has kept of rooms' messages, as text. */
export const kept = ({ page }: Window) =>
	page.evaluate(
		() =>
			new Promise<string>((give, fail) => {
				const opening = indexedDB.open('charla');
				opening.onerror = () => fail(opening.error ?? new Error('not opened'));
				opening.onsuccess = () => {
					const stores = ['accounts', 'pages'];
					const reading = opening.result.transaction(stores);
					const all = stores.map((store) => reading.objectStore(store).getAll());
					reading.oncomplete = () => {
						opening.result.close();
						give(JSON.stringify(all.map(({ result }) => result as unknown)));
					};
				};
			}),
	);

/** The names of the files that this device keeps until they are uploaded. */
export const keptFiles = ({ page }: Window) =>
	page.evaluate(
		() =>
			new Promise<string[]>((give) => {
				const opening = indexedDB.open('charla-files');
				opening.onerror = () => give([]);
				// Not there yet: it is not for us to make it.
				opening.onupgradeneeded = () => opening.transaction?.abort();
				opening.onsuccess = () => {
					const all = opening.result.transaction('files').objectStore('files').getAll();
					all.onsuccess = () => {
						opening.result.close();
						give((all.result as { file: File }[]).map(({ file }) => file.name));
					};
				};
			}),
	);

/** Waits until the client opens without its server: all of it is there, and its worker answers. */
export async function installed({ page }: Window): Promise<void> {
	await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** The paths that are kept of each version of the client. */
export const versions = ({ page }: Window) =>
	page.evaluate(async () => {
		const found: Record<string, string[]> = {};
		for (const name of await caches.keys()) {
			const cache = await caches.open(name);
			found[name] = (await cache.keys()).map(({ url }) => new URL(url).pathname);
		}
		return found;
	});
