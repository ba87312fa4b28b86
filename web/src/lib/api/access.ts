import { remember } from '$lib/state/remember';

/** When the access token was renewed last, for all tabs: the cookie cannot be read. */
const STORED = 'charla.access';
/** It is good for 15 minutes. `static/early.js` says the same. */
const FRESH_MS = 13 * 60_000;

/** Null where nobody knows. */
function ageOf(now: number): number | null {
	const at = Number(localStorage.getItem(STORED));
	return at ? now - at : null;
}

/** Whether it is sure to be good for some while. */
export function isAccessFresh(now = Date.now()): boolean {
	const age = ageOf(now);
	return age !== null && age >= 0 && age < FRESH_MS;
}

/** Whether it is known to be due for renewal. */
export function isAccessDue(now = Date.now()): boolean {
	return ageOf(now) !== null && !isAccessFresh(now);
}

export function noteRenewal(now = Date.now()): void {
	remember(localStorage, STORED, String(now));
}
