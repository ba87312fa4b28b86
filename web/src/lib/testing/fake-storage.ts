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
