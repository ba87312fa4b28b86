import createClient from 'openapi-fetch';
import { i18n } from '$lib/i18n/i18n.svelte';
import { noteRenewal } from './access';
import { fetchOrTake } from './early';
import { ApiError, toApiError } from './errors';
import type { paths } from './schema';
import { browserExclusive, createSessionFetch } from './session-fetch';

/** Told when the session is over; the session store listens. */
export const sessionEnd: { listener: () => void } = { listener: () => undefined };
/** What the server may ask of an account before anything else. */
export const demands = ['email_not_verified', 'two_factor_setup_required'] as const;
export type Demand = (typeof demands)[number];
/** Told when it does. */
export const accountHeld: { listener: (demand: Demand) => void } = { listener: () => undefined };

const { sessionFetch, renew } = createSessionFetch({
	fetch: fetchOrTake,
	exclusive: browserExclusive(),
	language: () => i18n.language,
	onRenewed: () => noteRenewal(),
	onEnded: () => sessionEnd.listener(),
});

export const client = createClient<paths>({ baseUrl: location.origin, fetch: sessionFetch });

/** Renews the access ahead of time, once for all tabs. */
export const renewAccess = (due: () => boolean) => renew(location.origin, due);

interface Answer<T> {
	data?: T;
	error?: unknown;
	response: Response;
}

/** The answer's body, or the refusal as an `ApiError`. A dead network rejects with `TypeError`. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
	const { data, error, response } = await answer;
	if (response.ok) return data as T;
	const problem = typeof error === 'object' && error ? error : {};
	const refusal = new ApiError(response.status, problem, response.headers.get('Retry-After'));
	const demand = demands.find((code) => code === refusal.code);
	if (demand) accountHeld.listener(demand);
	throw refusal;
}

/** Follows a `next` link. Its origin is ignored: behind a proxy the server may not know its own. */
export async function follow<T>(link: string): Promise<T> {
	return (await (await download(link)).json()) as T;
}

/** The answer as it comes, for what is no JSON. */
export async function download(link: string, signal?: AbortSignal): Promise<Response> {
	const { pathname, search } = new URL(link, location.origin);
	const url = new URL(pathname + search, location.origin);
	const response = await sessionFetch(new Request(url, signal ? { signal } : {}));
	if (!response.ok) throw await toApiError(response);
	return response;
}

/** A list in full, page by page. */
export async function everyPage<T>(first: { results: T[]; next?: string | null }): Promise<T[]> {
	const results = [...first.results];
	for (let { next } = first; next;) {
		const page = await follow<{ results: T[]; next: string | null }>(next);
		results.push(...page.results);
		next = page.next;
	}
	return results;
}
