import createClient from 'openapi-fetch';
import { i18n } from '$lib/i18n/i18n.svelte';
import { ApiError, toApiError } from './errors';
import type { paths } from './schema';
import { browserExclusive, createSessionFetch } from './session-fetch';

/** Told when the session is over; the session store listens. */
export const sessionEnd: { listener: () => void } = { listener: () => undefined };

const sessionFetch = createSessionFetch({
	fetch: (request) => fetch(request),
	exclusive: browserExclusive(),
	language: () => i18n.language,
	onEnded: () => sessionEnd.listener(),
});

export const client = createClient<paths>({ baseUrl: location.origin, fetch: sessionFetch });

interface Answer<T> {
	data?: T;
	error?: unknown;
	response: Response;
}

/** The answer's body, or the refusal as an `ApiError`. A dead network rejects with `TypeError`. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
	const { data, error, response } = await answer;
	if (!response.ok) {
		throw new ApiError(response.status, typeof error === 'object' && error ? error : {});
	}
	return data as T;
}

/** Follows a `next` link. Its origin is ignored: behind a proxy the server may not know its own. */
export async function follow<T>(link: string): Promise<T> {
	const { pathname, search } = new URL(link, location.origin);
	const response = await sessionFetch(new Request(new URL(pathname + search, location.origin)));
	if (!response.ok) throw await toApiError(response);
	return (await response.json()) as T;
}
