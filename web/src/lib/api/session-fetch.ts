import { toApiError } from './errors';

export interface SessionFetchDeps {
	fetch(request: Request): Promise<Response>;
	/** Runs one `task` at a time, over all tabs of this browser. */
	exclusive<T>(task: () => Promise<T>): Promise<T>;
	language(): string;
	/** The session is over: neither the access nor the refresh token is good any more. */
	onEnded(): void;
}

const REFRESH = '/api/v1/auth/refresh/';
/** Here 401 is the answer to what was asked, not a token that ran out. */
const open = ['login/', 'register/', 'setup/', 'refresh/', 'logout/'].map(
	(name) => `/api/v1/auth/${name}`,
);

/**
 * A `fetch` that renews the access token when it has run out. A spent refresh token that comes again
 * ends the session, so only one refresh may be under way, and who had to wait first tries
 * the call again: another tab has probably renewed the cookies meanwhile.
 */
export function createSessionFetch(deps: SessionFetchDeps) {
	const send = (request: Request) => {
		const copy = request.clone();
		copy.headers.set('Accept-Language', deps.language());
		return deps.fetch(copy);
	};

	async function renewAndSend(request: Request): Promise<Response> {
		const retried = await send(request);
		if (retried.status !== 401) return retried;
		const refresh = await send(new Request(new URL(REFRESH, request.url), { method: 'POST' }));
		if (refresh.ok) return send(request);
		// Only a clear no ends the session; a server in trouble is asked again later.
		if (refresh.status !== 401 && refresh.status !== 400) throw await toApiError(refresh);
		deps.onEnded();
		return retried;
	}

	return async function sessionFetch(request: Request): Promise<Response> {
		const response = await send(request);
		if (response.status !== 401 || open.includes(new URL(request.url).pathname)) return response;
		return deps.exclusive(() => renewAndSend(request));
	};
}

/** `navigator.locks` exists in secure contexts only; without it one tab at least queues its own. */
export function browserExclusive(): SessionFetchDeps['exclusive'] {
	let last: Promise<unknown> = Promise.resolve();
	return <T>(task: () => Promise<T>): Promise<T> => {
		if (navigator.locks) return navigator.locks.request('charla.refresh', task) as Promise<T>;
		const run = last.then(task, task);
		last = run.catch(() => undefined);
		return run;
	};
}
