/** Answers that `static/early.js` has asked for, by what stands behind the origin. */
type Early = Map<string, Promise<Response>>;

/** So long after the page has begun, what was asked for ahead is no longer what would be answered now. */
const FRESH_MS = 20_000;

/** A `fetch` that takes what was asked for ahead, each answer once. */
export async function fetchOrTake(request: Request): Promise<Response> {
	const { charlaEarly } = globalThis as { charlaEarly?: Early };
	if (!charlaEarly || request.method !== 'GET' || performance.now() > FRESH_MS) {
		return fetch(request);
	}
	const { pathname, search } = new URL(request.url);
	const answer = charlaEarly.get(pathname + search);
	charlaEarly.delete(pathname + search);
	return (await answer?.catch(() => null)) ?? fetch(request);
}
