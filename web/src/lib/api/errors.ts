import type { Problem } from './types';

/** The server answered, and the answer is no: RFC 9457, already in the reader's language. */
export class ApiError extends Error {
	readonly status: number;
	readonly code: string;
	/** Field → its errors; empty where the refusal is not about a field. */
	readonly errors: Record<string, string[]>;
	/** Seconds after which asking again makes sense. */
	readonly retryAfter: number | null;
	/** With `two_factor_required`: what goes on with the sign-in. */
	readonly twoFactorToken: string | null;

	constructor(status: number, problem: Partial<Problem>, retryAfter: string | null = null) {
		super(problem.detail ?? problem.title ?? `HTTP ${status}`);
		this.name = 'ApiError';
		this.status = status;
		this.code = problem.code ?? 'unknown';
		this.errors = problem.errors ?? {};
		this.twoFactorToken = problem.two_factor_token ?? null;
		this.retryAfter = retryAfter ? Number(retryAfter) || null : null;
	}
}

/** A refusal that asking again will not change. */
export function isFinal(error: unknown): boolean {
	return error instanceof ApiError && [400, 401, 403, 404, 409].includes(error.status);
}

export async function toApiError(response: Response): Promise<ApiError> {
	const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
	return new ApiError(response.status, problem, response.headers.get('Retry-After'));
}
