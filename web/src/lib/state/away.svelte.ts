import type { Clock } from '$lib/realtime/clock';

/** A blink of the connection is not worth a word. */
const PATIENCE_MS = 1_500;
/** So long it is said that the connection is back. */
const BACK_MS = 3_000;

/** Whether being without a connection shows: after a moment, or at once when the browser says so. */
export class Away {
	shows = $state(false);
	/** For a moment after it has shown. */
	back = $state(false);

	#clock: Clock;
	#onAway: () => void;
	#cancel: (() => void) | null = null;
	#cancelBack: (() => void) | null = null;

	constructor(clock: Clock, onAway: () => void) {
		this.#clock = clock;
		this.#onAway = onAway;
	}

	connected(): void {
		this.stop();
		if (!this.shows) return;
		this.shows = false;
		this.back = true;
		this.#cancelBack = this.#clock.after(BACK_MS, () => (this.back = false));
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
		this.#cancelBack?.();
		this.back = false;
		this.shows = true;
		this.#onAway();
	}
}
