import { SvelteSet } from 'svelte/reactivity';
import { ApiError, isFinal } from '$lib/api/errors';
import type { Message } from '$lib/api/types';
import { remember } from './remember';

export interface DeletionsDeps {
	/** Also while the page is being left. */
	remove(message_id: string): Promise<unknown>;
	/** Keeps what was asked for until the server has answered, also where the page does not live to hear it. */
	storage: Storage;
	user_id: string;
	/** Offers to take it back for a while; gives what `withdraw` takes. */
	offer(undo: () => void, past: () => void): number;
	withdraw(offer: number): void;
	onFailed(error: unknown): void;
}

/** Messages that are gone from the page and, for a few seconds more, not from the server. */
export class Deletions {
	#deps: DeletionsDeps;
	#prefix: string;
	#gone = new SvelteSet<string>();
	#waiting = new Map<string, number>();

	constructor(deps: DeletionsDeps) {
		this.#deps = deps;
		this.#prefix = `charla.deletion.${deps.user_id}.`;
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
		if (this.#waiting.has(message_id)) this.settle(message_id);
	}

	/** It is to be seen from the message itself how it stands. */
	settle(message_id: string): void {
		this.#close(message_id);
		this.#gone.delete(message_id);
	}

	/** The page is being left: what was asked for is done now. */
	async flush(): Promise<void> {
		await Promise.all([...this.#waiting.keys()].map((message_id) => this.#carryOut(message_id)));
	}

	/** What was asked for and had no answer, of this page and of earlier ones. */
	resume(): void {
		for (const key of Object.keys(this.#deps.storage)) {
			if (key.startsWith(this.#prefix)) void this.#remove(key.slice(this.#prefix.length));
		}
	}

	/** False where nothing was on offer. */
	#close(message_id: string): boolean {
		const offer = this.#waiting.get(message_id);
		if (offer !== undefined) this.#deps.withdraw(offer);
		return this.#waiting.delete(message_id);
	}

	async #carryOut(message_id: string): Promise<void> {
		if (this.#close(message_id)) await this.#remove(message_id);
	}

	async #remove(message_id: string): Promise<void> {
		const { remove, storage, onFailed } = this.#deps;
		const key = this.#prefix + message_id;
		this.#gone.add(message_id);
		remember(storage, key, '');
		try {
			await remove(message_id);
		} catch (error) {
			// The server may not have heard of it: it is asked again when it is back.
			if (!isFinal(error)) return;
			// Otherwise somebody else was faster; the event will say so.
			if (!(error instanceof ApiError && error.status === 404)) {
				this.#gone.delete(message_id);
				onFailed(error);
			}
		}
		storage.removeItem(key);
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
