import { systemClock, type Clock } from '$lib/realtime/clock';

export interface RestDeps {
	clock: Clock;
	/** Tells of everything that the page has loaded, until the function given back is called. */
	loads(heard: () => void): () => void;
}

/** So long nothing has come over the network where all is there that was asked for. */
export const QUIET_MS = 2_000;

/** When the page has all that it shows: the time for what may be wanted later, and must not hold up what is wanted now. */
export class Rest {
	readonly reached: Promise<void>;

	#deps: RestDeps;
	#reach: () => void = () => undefined;
	#busy: (() => boolean) | null = null;

	constructor(deps: RestDeps) {
		this.#deps = deps;
		this.reached = new Promise((go) => (this.#reach = go));
	}

	/**
	 * Waits until nothing more is loaded, and `busy` says that there is nothing to wait for; who begins later
	 * is waited for instead.
	 */
	begin(busy: () => boolean): void {
		const begun = this.#busy !== null;
		this.#busy = busy;
		if (begun) return;
		const { clock, loads } = this.#deps;
		const look = () => {
			if (this.#busy?.()) return wait();
			end();
			this.#reach();
		};
		let cancel: () => void = () => undefined;
		const wait = () => {
			cancel();
			cancel = clock.after(QUIET_MS, look);
		};
		const end = loads(wait);
		wait();
	}
}

/** Lets the browser draw, and answer what is pressed, before the work goes on. */
export const breath = (): Promise<void> => new Promise((go) => setTimeout(go));

function browserLoads(heard: () => void): () => void {
	const observer = new PerformanceObserver(heard);
	observer.observe({ type: 'resource' });
	return () => observer.disconnect();
}

export const rest = new Rest({ clock: systemClock, loads: browserLoads });
