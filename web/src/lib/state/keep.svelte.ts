import { remember } from './remember';

/** Whether something that was written could not be stored: its author has to know. */
export const storing = new (class {
	failed = $state(false);
})();

/** Stores what somebody has written. Where that fails, it lasts as long as its page. */
export function keep(storage: Storage, key: string, value: string): boolean {
	const kept = remember(storage, key, value);
	if (!kept) storing.failed = true;
	return kept;
}
