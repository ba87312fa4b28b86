import { systemClock, type Clock } from '$lib/realtime/clock';

export interface Toast {
	readonly id: number;
	readonly text: string;
	readonly action: { readonly label: string; readonly run: () => void } | null;
}

/** Long enough to read a line and to reach its button. */
export const TOAST_MS = 6_000;

/** Short notes about what has just happened, with at most one thing to do about it. */
export class Toasts {
	list = $state.raw<readonly Toast[]>([]);
	#clock: Clock;
	#next = 0;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Shows a note. Once it has gone by itself, `onpast` is told; not where its action was taken. */
	show(text: string, action: Toast['action'] = null, onpast?: () => void): number {
		const id = this.#next++;
		const take = action && {
			label: action.label,
			run: () => {
				forget();
				this.dismiss(id);
				action.run();
			},
		};
		this.list = [...this.list, { id, text, action: take }];
		const forget = this.#clock.after(TOAST_MS, () => {
			this.dismiss(id);
			onpast?.();
		});
		return id;
	}

	dismiss(id: number): void {
		this.list = this.list.filter((toast) => toast.id !== id);
	}
}

export const toasts = new Toasts(systemClock);
