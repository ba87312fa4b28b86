import type { Clock } from '$lib/realtime/clock';

/** A blink of the connection is not worth a word. */
const PATIENCE_MS = 1_500;

/** Whether being without a connection shows: after a moment, or at once when the browser says so. */
export class Away {
	shows = $state(false);

	#clock: Clock;
	#onAway: () => void;
	#cancel: (() => void) | null = null;

	constructor(clock: Clock, onAway: () => void) {
		this.#clock = clock;
		this.#onAway = onAway;
	}

	connected(): void {
		this.stop();
		this.shows = false;
	}

	disconnected(networkIsGone: boolean): void {
		if (this.shows) return;
		if (networkIsGone) this.#show();
		else this.#cancel ??= this.#clock.after(PATIENCE_MS, () => this.#show());
	}

	stop(): void {
		this.#cancel?.();
		this.#cancel = null;
	}

	#show(): void {
		this.stop();
		this.shows = true;
		this.#onAway();
	}
}
