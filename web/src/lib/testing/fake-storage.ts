/** A `Storage` whose keys are its members, as a browser's are. */
export function fakeStorage(initial: Record<string, string> = {}): Storage {
	const methods = {
		getItem: (key: string) => (keys[key] as string | undefined) ?? null,
		setItem: (key: string, value: string) => void (keys[key] = value),
		removeItem: (key: string) => void Reflect.deleteProperty(keys, key),
	};
	const keys = Object.assign(Object.create(methods) as Record<string, unknown>, initial);
	return keys as unknown as Storage;
}

/** One that takes `most` characters of values in all. */
export function smallStorage(most: number): Storage {
	const storage = fakeStorage();
	const { setItem } = storage;
	const taken = (key: string) => (storage.getItem(key) ?? '').length;
	storage.setItem = (key, value) => {
		const all = Object.keys(storage).reduce((sum, name) => sum + taken(name), value.length);
		if (all - taken(key) > most) throw new DOMException('full', 'QuotaExceededError');
		setItem(key, value);
	};
	Object.defineProperty(storage, 'setItem', { enumerable: false });
	return storage;
}
