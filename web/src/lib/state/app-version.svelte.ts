import type { Clock } from '$lib/realtime/clock';
import { serviceWorkerUrl } from '$lib/trusted';

/** The part of a `ServiceWorkerRegistration` that is used here. */
interface Registration extends EventTarget {
	readonly installing: (EventTarget & Pick<ServiceWorker, 'state'>) | null;
	readonly waiting: Pick<ServiceWorker, 'postMessage'> | null;
	readonly active: unknown;
	update(): Promise<unknown>;
}

/** The part of a `ServiceWorkerContainer` that is used here. */
export interface Workers extends EventTarget {
	readonly controller: Pick<ServiceWorker, 'postMessage'> | null;
	register(url: string): Promise<Registration>;
}

export interface AppVersionDeps {
	/** Null where the browser has none: on pages of plain HTTP. */
	workers: Workers | null;
	clock: Clock;
	/** The version that this tab runs on. */
	version: string;
	reload(): void;
}

/** A tab that is looked at again asks for a newer version at most this often. */
const ASK_AGAIN_MS = 60 * 60_000;
/** A worker that does not take over in this time is not waited for. */
const PATIENCE_MS = 5_000;

/** The version that this tab runs on, and whether a newer one is there to be taken. */
export class AppVersion {
	/** The newest one that is known of, and the one that is not to be spoken of any more. */
	#newest = $state<string>();
	#putOff = $state<string>();
	#end = new AbortController();
	#deps: AppVersionDeps;
	#registration: Registration | null = null;
	#asked = 0;
	#taking = false;

	constructor(deps: AppVersionDeps) {
		this.#deps = deps;
	}

	get newer(): boolean {
		return this.#newest !== this.#putOff;
	}

	/** Makes the client one that opens without its server; what that takes is fetched behind the page. */
	async start(): Promise<void> {
		const { workers, clock } = this.#deps;
		const { signal } = this.#end;
		if (!workers || signal.aborted) return;
		const told = (event: Event) => this.#told((event as MessageEvent).data);
		const changed = () => {
			if (this.#taking) this.#deps.reload();
			else this.#ask(workers.controller);
		};
		workers.addEventListener('message', told, { signal });
		workers.addEventListener('controllerchange', changed, { signal });
		try {
			const registration = await workers.register(serviceWorkerUrl());
			this.#registration = registration;
			this.#asked = clock.now();
			// The first one waits for a moment, too, but for nobody.
			const look = () => registration.active && this.#ask(registration.waiting);
			const found = () =>
				registration.installing?.addEventListener('statechange', look, { signal });
			registration.addEventListener('updatefound', found, { signal });
			// One may have been on its way before there was somebody to tell.
			found();
			look();
			this.#ask(workers.controller);
			workers.controller?.postMessage({ type: 'rest' });
		} catch (error) {
			console.warn('no service worker', error);
		}
	}

	/** Looks for a newer version: the server may be another one by now. */
	async check(): Promise<void> {
		this.#asked = this.#deps.clock.now();
		try {
			await this.#registration?.update();
		} catch (error) {
			console.warn('no newer version to be had', error);
		}
	}

	/** The tab is looked at again. */
	async seen(): Promise<void> {
		if (this.#deps.clock.now() - this.#asked >= ASK_AGAIN_MS) await this.check();
	}

	/** Says no more of this one; the next one is another matter. */
	later(): void {
		this.#putOff = this.#newest;
	}

	/** Nobody is to be told any more. */
	stop(): void {
		this.#end.abort();
	}

	/** Begins anew on the newer version. */
	take(): void {
		const { clock, reload } = this.#deps;
		const waiting = this.#registration?.waiting;
		// Another tab has taken it already.
		if (!waiting) return reload();
		this.#taking = true;
		waiting.postMessage({ type: 'take_over' });
		clock.after(PATIENCE_MS, reload);
	}

	#ask(worker: Pick<ServiceWorker, 'postMessage'> | null): void {
		worker?.postMessage({ type: 'which' });
	}

	#told(data: unknown): void {
		const { type, version } = data as { type?: string; version?: string };
		if (type === 'version' && version !== this.#deps.version) this.#newest = version;
	}
}
