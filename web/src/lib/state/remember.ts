/** Stores what may be done without: the storage may be full, or forbidden. */
export function remember(storage: Storage, key: string, value: string): boolean {
	try {
		storage.setItem(key, value);
		return true;
	} catch (error) {
		console.warn('not stored', key, error);
		return false;
	}
}
