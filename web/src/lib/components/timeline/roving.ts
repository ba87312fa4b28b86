/** The article that a key leads to from `current`, or null where the key means nothing here. */
export function nextArticle(
	list: HTMLElement,
	current: HTMLElement,
	key: string,
): HTMLElement | null {
	const articles = [...list.querySelectorAll<HTMLElement>('article[tabindex]')];
	const index = articles.indexOf(current);
	switch (key) {
		case 'ArrowUp':
			return articles[index - 1] ?? null;
		case 'ArrowDown':
			return articles[index + 1] ?? null;
		case 'Home':
			return articles[0] ?? null;
		case 'End':
			return articles.at(-1) ?? null;
		case 'PageUp':
			return pageAway(articles, index, -1);
		case 'PageDown':
			return pageAway(articles, index, 1);
		default:
			return null;
	}
}

/** The furthest one within what is in sight at once, and at least the next. */
function pageAway(articles: HTMLElement[], index: number, step: 1 | -1): HTMLElement | null {
	const current = articles[index];
	const height = current?.closest('[role=log]')?.clientHeight ?? 0;
	if (!current) return null;
	const top = current.getBoundingClientRect().top;
	let at = index + step;
	const isNear = (article: HTMLElement | undefined) =>
		article && Math.abs(article.getBoundingClientRect().top - top) < height * 0.9;
	while (isNear(articles[at + step])) at += step;
	return articles[at] ?? null;
}
