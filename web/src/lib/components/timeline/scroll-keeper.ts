/** As close to the end as counts as being there, in pixels. */
const AT_END = 48;

/**
 * Keeps what somebody reads where it is while the list around it changes. The browser's own scroll
 * anchoring does not hold at the very top, where older pages come in, and Safari has none.
 */
export class ScrollKeeper {
	#log: HTMLElement;
	#anchor: HTMLElement | null = null;
	#top = 0;
	#shape = '';

	constructor(log: HTMLElement) {
		this.#log = log;
	}

	/** The list or what surrounds it has grown or shrunk since `toEnd`: nobody has scrolled. */
	get reshaped(): boolean {
		return this.#shape !== this.#currentShape();
	}

	get atEnd(): boolean {
		return this.below < AT_END;
	}

	/** Pixels out of sight above. */
	get above(): number {
		return this.#log.scrollTop;
	}

	/** Pixels out of sight below. */
	get below(): number {
		const { scrollHeight, scrollTop, clientHeight } = this.#log;
		return scrollHeight - scrollTop - clientHeight;
	}

	toEnd(): void {
		this.#log.scrollTop = this.#log.scrollHeight;
		this.#shape = this.#currentShape();
	}

	/** Up to a mark in the list, if there is one above what is in sight; some of what precedes it shows too. */
	toMark(selector: string): void {
		const mark = this.#log.querySelector(selector);
		if (!mark) return;
		const wanted = mark.getBoundingClientRect().top - this.#log.getBoundingClientRect().top - 80;
		if (wanted < 0) this.#log.scrollTop += wanted;
	}

	/** Before a change: remembers the first article in sight, and where it stands. */
	capture(): void {
		const top = this.#log.getBoundingClientRect().top;
		this.#anchor = null;
		for (const article of this.#log.querySelectorAll('article')) {
			const { bottom } = article.getBoundingClientRect();
			if (bottom <= top) continue;
			this.#anchor = article;
			this.#top = article.getBoundingClientRect().top;
			break;
		}
	}

	/** After it: puts that article back where it stood. */
	restore(): void {
		if (!this.#anchor?.isConnected) return;
		this.#log.scrollTop += this.#anchor.getBoundingClientRect().top - this.#top;
	}

	/** To a message, which is pointed out for a moment. */
	toArticle(message_id: string): void {
		const article = this.article(message_id);
		if (!article) return;
		article.scrollIntoView({ block: 'center' });
		article.focus({ preventScroll: true });
		article.animate([{ backgroundColor: 'var(--accent-soft)' }, {}], 1500);
	}

	/** The article of a message, if it is in the page. */
	article(message_id: string): HTMLElement | null {
		return this.#log.querySelector(`article[data-message-id="${CSS.escape(message_id)}"]`);
	}

	/** The id of the newest message that has come into sight. */
	newestInSight(): string | null {
		const { top, bottom } = this.#log.getBoundingClientRect();
		const articles = [...this.#log.querySelectorAll<HTMLElement>('article[data-message-id]')];
		for (const article of articles.reverse()) {
			const box = article.getBoundingClientRect();
			// Of a message taller than the screen, its beginning will do.
			if (box.top < bottom - 16 && box.bottom > top) return article.dataset.messageId ?? null;
		}
		return null;
	}

	#currentShape(): string {
		return `${this.#log.scrollHeight} ${this.#log.clientHeight}`;
	}
}
