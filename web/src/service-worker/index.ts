import { build, files, version } from '$service-worker';
import { openNotice } from './notices';
import { Shell } from './shell';

const worker = globalThis as unknown as ServiceWorkerGlobalScope;

/** Each tab holds a lock of this name for as long as it runs on that version (`state/browser-locks.ts`). */
const RUNS = 'charla.version.';

const shell = new Shell({
	caches,
	fetch: (request) => fetch(request),
	origin: location.origin,
	version,
	assets: [...build, ...files],
	async inUse() {
		const { held = [], pending = [] } = await navigator.locks.query();
		const names = [...held, ...pending].flatMap(({ name }) => name ?? []);
		return new Set(names.map((name) => name.replace(RUNS, '')));
	},
});

/** What a page says. */
type Word = { type: 'which' | 'rest' | 'take_over' };

worker.addEventListener('install', (event) => event.waitUntil(shell.keep()));

worker.addEventListener('activate', (event) => {
	event.waitUntil(Promise.all([worker.clients.claim(), shell.tidy()]));
});

worker.addEventListener('fetch', (event) => {
	const answer = shell.answer(event.request);
	if (answer) event.respondWith(answer);
});

worker.addEventListener('message', (event) => {
	const { type } = event.data as Word;
	if (type === 'which') event.source?.postMessage({ type: 'version', version });
	if (type === 'take_over') event.waitUntil(worker.skipWaiting());
	if (type === 'rest') event.waitUntil(rest());
});

worker.addEventListener('notificationclick', (event) => {
	event.waitUntil(openNotice(worker.clients, event.notification));
});

/** A tab has come to rest: time for what nobody waits for. */
async function rest(): Promise<void> {
	const { installing, waiting } = worker.registration;
	// Another version is on its way: what it has gathered is not ours to tidy.
	if (installing || waiting) return;
	await shell.tidy();
	await shell.refresh().catch((error: unknown) => console.warn('page not refreshed', error));
}
