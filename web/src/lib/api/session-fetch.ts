import { toApiError } from './errors';

export interface SessionFetchDeps {
	fetch(request: Request): Promise<Response>;
	/** Runs one `task` at a time, over all tabs of this browser. */
	exclusive<T>(task: () => Promise<T>): Promise<T>;
	language(): string;
	/** The cookies are new. */
	onRenewed(): void;
	/** The session is over: neither the access nor the refresh token is good any more. */
	onEnded(): void;
}

const REFRESH = '/api/v1/auth/refresh/';
const authPath = (name: string) => `/api/v1/auth/${name}/`;
/** What these answer brings new cookies. */
const granting = ['login', 'register', 'setup', 'refresh'].map(authPath);
/** Here 401 is the answer to what was asked, not a token that ran out. */
const open = [...granting, authPath('logout')];

/**
 * A `fetch` that renews the access token when it has run out. A spent refresh token that comes again
 * ends the session, so only one refresh may be under way, and who had to wait first tries
 * the call again: another tab has probably renewed the cookies meanwhile.
 */
export function createSessionFetch(deps: SessionFetchDeps) {
	const send = async (request: Request) => {
		const copy = request.clone();
		copy.headers.set('Accept-Language', deps.language());
		const response = await deps.fetch(copy);
		if (response.ok && granting.includes(new URL(request.url).pathname)) deps.onRenewed();
		return response;
	};

	/** Whether there is a new access token; false where the session is over. */
	async function refresh(base: string): Promise<boolean> {
		const response = await send(
			// Its answer must arrive, also where the page is left: the old token is spent by then.
			new Request(new URL(REFRESH, base), { method: 'POST', keepalive: true }),
		);
		if (response.ok) return true;
		// Only a clear no ends the session; a server in trouble is asked again later.
		if (response.status !== 401 && response.status !== 400) throw await toApiError(response);
		deps.onEnded();
		return false;
	}

	async function renewAndSend(request: Request): Promise<Response> {
		const retried = await send(request);
		if (retried.status !== 401) return retried;
		return (await refresh(request.url)) ? send(request) : retried;
	}

	return {
		async sessionFetch(request: Request): Promise<Response> {
			const response = await send(request);
			if (response.status !== 401 || open.includes(new URL(request.url).pathname)) return response;
			return deps.exclusive(() => renewAndSend(request));
		},
		/** Renews ahead of time what is still `due` once no other tab is at it. */
		renew(base: string, due: () => boolean): Promise<unknown> {
			return deps.exclusive(async () => due() && refresh(base));
		},
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
