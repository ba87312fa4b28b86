const FIRST_MS = 500;
const CAP_MS = 15_000;

/**
 * How long to wait before attempt `attempt` (0 is the first repeat). Between half and all of the
 * exponential step: a server that comes back is not met by all of its clients at once.
 */
export function backoff(attempt: number, random: () => number): number {
	const step = Math.min(CAP_MS, FIRST_MS * 2 ** attempt);
	return step / 2 + random() * (step / 2);
}
