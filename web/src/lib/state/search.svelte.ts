const PAUSE_MS = 250;

/** Looks something up while somebody types; answers that come late are dropped. */
export class Search<T> {
	results = $state.raw<readonly T[]>([]);
	busy = $state(false);
	/** An answer to the last question is there. */
	done = $state(false);
	failure = $state.raw<unknown>(null);
	/** The words that `results` belong to. */
	answered: string | null = null;

	#find: (words: string) => Promise<readonly T[]>;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#question = 0;

	constructor(find: (words: string) => Promise<readonly T[]>) {
		this.#find = find;
	}

	/** Asks when the typing pauses. */
	soon(words: string): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.now(words), PAUSE_MS);
	}

	now(words: string): Promise<void> {
		clearTimeout(this.#timer);
		return this.#ask(words.trim());
	}

	clear(): void {
		clearTimeout(this.#timer);
		this.#question++;
		this.results = [];
		this.busy = this.done = false;
		this.failure = null;
		this.answered = null;
	}

	append(more: readonly T[]): void {
		this.results = [...this.results, ...more];
	}

	async #ask(words: string): Promise<void> {
		const question = ++this.#question;
		this.busy = true;
		try {
			const results = await this.#find(words);
			if (question !== this.#question) return;
			this.results = results;
			this.failure = null;
			this.done = true;
			this.answered = words;
		} catch (error) {
			if (question === this.#question) this.failure = error;
		} finally {
			if (question === this.#question) this.busy = false;
		}
	}
}
