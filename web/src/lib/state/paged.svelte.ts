import type { Page } from '$lib/api/types';

/** A list that is shown page by page, each behind the one before; answers that come late are dropped. */
export class Paged<T> {
	/** Null until the first page is there. */
	rows = $state.raw<readonly T[] | null>(null);
	busy = $state(false);
	failure = $state.raw<unknown>(null);
	/** Where the next page lies; null on the last one. */
	next = $state.raw<string | null>(null);

	#follow: (link: string) => Promise<Page<T>>;
	#turn = 0;
	#last: () => Promise<void> = () => Promise.resolve();

	constructor(follow: (link: string) => Promise<Page<T>>) {
		this.#follow = follow;
	}

	/** Begins anew; what is shown stays until the answer is there. */
	ask(first: () => Promise<Page<T>>): Promise<void> {
		return this.#get(first, (page) => page.results);
	}

	more(): Promise<void> {
		const { next } = this;
		if (!next || this.busy) return Promise.resolve();
		return this.#get(
			() => this.#follow(next),
			({ results }) => [...(this.rows ?? []), ...results],
		);
	}

	/** What failed last, once more. */
	again(): Promise<void> {
		return this.#last();
	}

	change(rows: (now: readonly T[]) => readonly T[]): void {
		if (this.rows) this.rows = rows(this.rows);
	}

	async #get(ask: () => Promise<Page<T>>, rows: (page: Page<T>) => readonly T[]): Promise<void> {
		const turn = ++this.#turn;
		this.#last = () => this.#get(ask, rows);
		this.busy = true;
		this.failure = null;
		try {
			const page = await ask();
			if (turn !== this.#turn) return;
			this.rows = rows(page);
			this.next = page.next;
		} catch (error) {
			if (turn === this.#turn) this.failure = error;
		} finally {
			if (turn === this.#turn) this.busy = false;
		}
	}
}
