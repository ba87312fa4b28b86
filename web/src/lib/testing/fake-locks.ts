import type { Locks } from '$lib/state/browser-locks';

/** The locks of one browser. */
export class FakeLocks implements Locks {
	#queues = new Map<string, Promise<void>>();

	hold(name: string, task: () => Promise<void> | void): void {
		const before = this.#queues.get(name) ?? Promise.resolve();
		this.#queues.set(name, before.then(task));
	}
}
