/** The part of the Web Locks that is used here: a name is one holder's at a time, over all tabs of a browser. */
export interface Locks {
	/** Waits for the name, runs `task` and keeps the name until that is done. */
	hold(name: string, task: () => Promise<void> | void): void;
}

/** Null on pages of plain HTTP, where there are none. */
export function browserLocks(): Locks | null {
	const { locks } = navigator as Partial<Navigator>;
	if (!locks) return null;
	return {
		hold: (name, task) =>
			void locks
				.request(name, async () => task())
				.catch((error: unknown) => console.warn('lock not held', error)),
	};
}

/** Says to others that a tab runs on `version`, whose files must stay for as long. */
export function holdVersion(locks: Locks | null, version: string): void {
	locks?.hold(`charla.version.${version}`, () => new Promise(() => undefined));
}
