import type { Position } from '$lib/state/room-view.svelte';

/** As close to the end as counts as being there, in pixels. */
const AT_END = 48;
/** A jump in the list points out where it leads for so long. */
const POINT_OUT_MS = 1_800;

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

	/** Has been at the end, and was scrolled away: all has the shape that it had there. */
	get hasLeftEnd(): boolean {
		return this.#shape !== '' && !this.reshaped && !this.atEnd;
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

	/** The message at the upper edge, and where it stands. */
	get position(): Position | null {
		const article = this.#firstInSight('article[data-message-id]');
		const message_id = article?.dataset.messageId;
		return article && message_id ? { message_id, top: this.#topOf(article) } : null;
	}

	toEnd(): void {
		this.#log.scrollTop = this.#log.scrollHeight;
		this.#shape = this.#currentShape();
	}

	/** Up to a mark in the list, if there is one above what is in sight; some of what precedes it shows too. */
	toMark(selector: string): void {
		const mark = this.#log.querySelector<HTMLElement>(selector);
		if (!mark) return;
		const wanted = this.#topOf(mark) - 80;
		if (wanted < 0) this.#log.scrollTop += wanted;
	}

	/** Before a change, and after each scroll: remembers the first article in sight, and where it stands. */
	capture(): void {
		this.#anchor = this.#firstInSight('article');
		if (this.#anchor) this.#top = this.#topOf(this.#anchor);
	}

	/** After it: puts that article back where it stood. */
	restore(): void {
		if (!this.#anchor?.isConnected) return;
		const moved = this.#topOf(this.#anchor) - this.#top;
		if (Math.abs(moved) >= 1) this.#log.scrollTop += moved;
	}

	/** Puts a message back where it stood when somebody left. */
	toPosition({ message_id, top }: Position): void {
		const article = this.article(message_id);
		if (article) this.#log.scrollTop += this.#topOf(article) - top;
	}

	/** To a message, which is pointed out for a moment. */
	toArticle(message_id: string): void {
		const article = this.article(message_id);
		if (!article) return;
		article.scrollIntoView({ block: 'center' });
		article.focus({ preventScroll: true });
		const backgroundColor = 'color-mix(in oklab, var(--mark) 60%, transparent)';
		article.animate([{ backgroundColor }, { backgroundColor, offset: 0.5 }, {}], POINT_OUT_MS);
	}

	/** The article of a message, if it is in the page. */
	article(message_id: string): HTMLElement | null {
		return this.#log.querySelector(`article[data-message-id="${CSS.escape(message_id)}"]`);
	}

	/** The id of the newest message that has come into sight. */
	newestInSight(): string | null {
		const { top, bottom } = this.#log.getBoundingClientRect();
		const articles = this.#articles('article[data-message-id]');
		// Of a message taller than the screen, its beginning will do.
		const past = firstWhere(articles, (one) => one.getBoundingClientRect().top >= bottom - 16);
		const article = articles[past - 1];
		if (!article || article.getBoundingClientRect().bottom <= top) return null;
		return article.dataset.messageId ?? null;
	}

	/** The focus stays in the list when what had it leaves the page. */
	holdFocus(hadFocus: boolean): void {
		if (hadFocus && document.activeElement === document.body) {
			this.#log.focus({ preventScroll: true });
		}
	}

	get hasFocus(): boolean {
		return this.#log.contains(document.activeElement);
	}

	#firstInSight(selector: string): HTMLElement | null {
		const { top } = this.#log.getBoundingClientRect();
		const articles = this.#articles(selector);
		const index = firstWhere(articles, (one) => one.getBoundingClientRect().bottom > top);
		return articles[index] ?? null;
	}

	#articles(selector: string): HTMLElement[] {
		return [...this.#log.querySelectorAll<HTMLElement>(selector)];
	}

	/** How far below the upper edge of what is in sight it begins. */
	#topOf(element: HTMLElement): number {
		return element.getBoundingClientRect().top - this.#log.getBoundingClientRect().top;
	}

	#currentShape(): string {
		return `${this.#log.scrollHeight} ${this.#log.clientHeight}`;
	}
}

/** The articles stand in order: the first of those for which `holds`, which then holds for all that follow. */
function firstWhere(articles: readonly HTMLElement[], holds: (one: HTMLElement) => boolean) {
	let [low, high] = [0, articles.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		const article = articles[middle];
		if (article && holds(article)) high = middle;
		else low = middle + 1;
	}
	return low;
}
