import type { Clock } from '$lib/realtime/clock';

const LOOK_MS = 30_000;

export interface AccessDeps {
	clock: Clock;
	/** Whether somebody looks at what comes from the server's files, or may open it. */
	wanted(): boolean;
	due(): boolean;
	renew(): Promise<unknown>;
}

/** Looks now and then whether the access is to be renewed. A look that comes late, after a sleep, comes all the same. */
export class AccessKeeper {
	#deps: AccessDeps;
	#busy = false;
	#cancel: () => void = () => undefined;

	constructor(deps: AccessDeps) {
		this.#deps = deps;
	}

	look = (): void => {
		this.#cancel();
		this.#cancel = this.#deps.clock.after(LOOK_MS, this.look);
		void this.#renew();
	};

	stop(): void {
		this.#cancel();
	}

	async #renew(): Promise<void> {
		const { due, wanted, renew } = this.#deps;
		if (this.#busy || !due() || !wanted()) return;
		this.#busy = true;
		try {
			await renew();
		} catch (error) {
			console.warn('access not renewed', error);
		} finally {
			this.#busy = false;
		}
	}
}
