import { systemClock, type Clock } from '$lib/realtime/clock';

export interface Toast {
	readonly id: number;
	readonly text: string;
	readonly action: { readonly label: string; readonly run: () => void } | null;
}

/** Long enough to read a line and to reach its button. */
export const TOAST_MS = 6_000;
/** A pointer that was left lying there, or a keyboard that nobody is at, holds them no longer than this. */
export const LONGEST_HOLD_MS = 60_000;

/** Short notes about what has just happened, with at most one thing to do about it. */
export class Toasts {
	list = $state.raw<readonly Toast[]>([]);
	#clock: Clock;
	#next = 0;
	#held = false;
	#letGo: () => void = () => undefined;
	/** What each note does once it has been there long enough, and what stops that. */
	#ends = new Map<number, { past: () => void; stop: () => void }>();

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Shows a note. Once it has gone by itself, `onpast` is told; not where its action was taken. */
	show(text: string, action: Toast['action'] = null, onpast?: () => void): number {
		const id = this.#next++;
		const take = action && {
			label: action.label,
			run: () => {
				this.dismiss(id);
				action.run();
			},
		};
		this.list = [...this.list, { id, text, action: take }];
		const past = () => {
			this.dismiss(id);
			onpast?.();
		};
		this.#ends.set(id, { past, stop: () => undefined });
		if (!this.#held) this.#wait(id);
		return id;
	}

	/** While they are pointed at, or the keyboard is in them, none goes; afterwards, or after a minute, each stays a while yet. */
	hold(held: boolean): void {
		if (held === this.#held) return;
		this.#held = held;
		this.#letGo();
		if (held) this.#letGo = this.#clock.after(LONGEST_HOLD_MS, () => this.hold(false));
		for (const [id, { stop }] of this.#ends) {
			if (held) stop();
			else this.#wait(id);
		}
	}

	dismiss(id: number): void {
		this.#ends.get(id)?.stop();
		this.#ends.delete(id);
		this.list = this.list.filter((toast) => toast.id !== id);
		// What is gone is left by no pointer.
		if (this.list.length === 0) this.hold(false);
	}

	#wait(id: number): void {
		const end = this.#ends.get(id);
		if (end) end.stop = this.#clock.after(TOAST_MS, end.past);
	}
}

export const toasts = new Toasts(systemClock);
