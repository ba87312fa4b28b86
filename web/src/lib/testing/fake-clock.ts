import type { Clock } from '$lib/realtime/clock';

/** Time that moves only when a test says so. */
export class FakeClock implements Clock {
	#now = 0;
	#timers: { at: number; run: () => void }[] = [];

	now(): number {
		return this.#now;
	}

	after(ms: number, run: () => void): () => void {
		const timer = { at: this.#now + ms, run };
		this.#timers.push(timer);
		return () => {
			this.#timers = this.#timers.filter((other) => other !== timer);
		};
	}

	/** Runs what falls due on the way, in order. */
	advance(ms: number): void {
		const until = this.#now + ms;
		for (;;) {
			const due = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
			if (!due) break;
			this.#timers = this.#timers.filter((timer) => timer !== due);
			this.#now = due.at;
			due.run();
		}
		this.#now = until;
	}
}

/** Lets everything that waits for a settled promise go on. */
export async function settled(): Promise<void> {
	for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
