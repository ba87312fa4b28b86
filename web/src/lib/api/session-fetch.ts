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

/** A dead network says nothing: so long a call waits for new cookies and its second answer. */
export const PATIENCE_MS = 20_000;
/**
 * A refresh itself is waited for longer, and meanwhile no tab begins another: should both arrive, the server
 * takes the second for a stolen token.
 */
export const REFRESH_MS = 60_000;

const REFRESH = '/api/v1/auth/refresh/';
const authPath = (name: string) => `/api/v1/auth/${name}/`;
/** What these answer brings new cookies. */
const granting = ['login', 'login/two_factor', 'register', 'setup', 'refresh'].map(authPath);
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
			new Request(new URL(REFRESH, base), {
				method: 'POST',
				keepalive: true,
				signal: AbortSignal.timeout(REFRESH_MS),
			}),
		);
		if (response.ok) return true;
		// Only a clear no ends the session; a server in trouble is asked again later.
		if (response.status !== 401 && response.status !== 400) throw await toApiError(response);
		deps.onEnded();
		return false;
	}

	async function renewAndSend(request: Request, late: Promise<never>): Promise<Response> {
		/** Nothing goes out that nobody waits for any more. */
		const sendInTime = async () => {
			await Promise.race([late, null]);
			return Promise.race([late, send(request)]);
		};
		const retried = await sendInTime();
		if (retried.status !== 401) return retried;
		return (await refresh(request.url)) ? sendInTime() : retried;
	}

	return {
		async sessionFetch(request: Request): Promise<Response> {
			const response = await send(request);
			if (response.status !== 401 || open.includes(new URL(request.url).pathname)) return response;
			return inTime((late) => deps.exclusive(() => renewAndSend(request, late)));
		},
		/** Renews ahead of time what is still `due` once no other tab is at it. */
		renew(base: string, due: () => boolean): Promise<unknown> {
			return deps.exclusive(async () => due() && refresh(base));
		},
	};
}

/** Fails once it has taken too long, as does what `task` is given. */
function inTime<T>(task: (late: Promise<never>) => Promise<T>): Promise<T> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const late = new Promise<never>((_, fail) => {
		timer = setTimeout(() => fail(new TypeError('no answer in time')), PATIENCE_MS);
	});
	return Promise.race([task(late), late]).finally(() => clearTimeout(timer));
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
