const waiting = new Set<() => void>();

/** Has `again` done whenever the server has been reached anew, until what it gives is called. */
export function onBack(again: () => void): () => void {
	waiting.add(again);
	return () => waiting.delete(again);
}

/** The server has been reached, whether or not it was away. */
export function isBack(): void {
	for (const again of [...waiting]) again();
}
