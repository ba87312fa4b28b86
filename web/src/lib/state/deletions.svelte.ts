import { SvelteSet } from 'svelte/reactivity';
import { ApiError } from '$lib/api/errors';
import type { Message } from '$lib/api/types';

export interface DeletionsDeps {
	remove(message_id: string): Promise<unknown>;
	/** The same for a page that is being left. */
	removeNow(message_id: string): Promise<unknown>;
	/** Offers to take it back for a while; gives what `withdraw` takes. */
	offer(undo: () => void, past: () => void): number;
	withdraw(offer: number): void;
	onFailed(error: unknown): void;
}

/** Messages that are gone from the page and, for a few seconds more, not from the server. */
export class Deletions {
	#deps: DeletionsDeps;
	#gone = new SvelteSet<string>();
	#waiting = new Map<string, number>();

	constructor(deps: DeletionsDeps) {
		this.#deps = deps;
	}

	/** Whether it shows as deleted here. */
	has(message_id: string): boolean {
		return this.#gone.has(message_id);
	}

	ask(message_id: string): void {
		if (this.#gone.has(message_id)) return;
		this.#gone.add(message_id);
		const offer = this.#deps.offer(
			() => this.undo(message_id),
			() => void this.#carryOut(message_id),
		);
		this.#waiting.set(message_id, offer);
	}

	undo(message_id: string): void {
		const offer = this.#waiting.get(message_id);
		if (offer === undefined) return;
		this.#deps.withdraw(offer);
		this.#waiting.delete(message_id);
		this.#gone.delete(message_id);
	}

	/** Whether it can still be taken back. */
	isOpen(message_id: string): boolean {
		return this.#gone.has(message_id) && this.#waiting.has(message_id);
	}

	/** The page is being left: what was asked for is done now. */
	async flush(): Promise<void> {
		const waiting = [...this.#waiting];
		this.#waiting.clear();
		await Promise.allSettled(
			waiting.map(([message_id, offer]) => {
				this.#deps.withdraw(offer);
				return this.#deps.removeNow(message_id);
			}),
		);
	}

	async #carryOut(message_id: string): Promise<void> {
		if (!this.#waiting.delete(message_id)) return;
		try {
			await this.#deps.remove(message_id);
		} catch (error) {
			// Somebody else was faster; the event will say so.
			if (error instanceof ApiError && error.status === 404) return;
			this.#gone.delete(message_id);
			this.#deps.onFailed(error);
		}
	}
}

/** How a deleted message looks, whatever it still is on the server. */
export function asDeleted(message: Message): Message {
	return {
		...message,
		content: '',
		content_html: '',
		attachments: [],
		reactions: [],
		reply_to: null,
		is_deleted: true,
	};
}
