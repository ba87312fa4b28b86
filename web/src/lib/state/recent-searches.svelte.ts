const PREFIX = 'charla.searches.';
const MAX = 6;

/** What somebody has sought lately, on this device. */
export class RecentSearches {
	list = $state.raw<readonly string[]>([]);
	#storage: Storage;
	#key: string;

	constructor(storage: Storage, user_id: string) {
		this.#storage = storage;
		this.#key = PREFIX + user_id;
		this.list = parse(storage.getItem(this.#key));
	}

	add(query: string): void {
		const text = query.trim();
		if (!text || this.list[0] === text) return;
		// What was typed on the way to it is no search of its own.
		const others = this.list.filter((other) => !text.startsWith(other) && other !== text);
		this.#keep([text, ...others].slice(0, MAX));
	}

	clear(): void {
		this.#keep([]);
	}

	#keep(list: readonly string[]): void {
		this.list = list;
		if (list.length > 0) this.#storage.setItem(this.#key, JSON.stringify(list));
		else this.#storage.removeItem(this.#key);
	}
}

function parse(text: string | null): string[] {
	try {
		const value: unknown = JSON.parse(text ?? '[]');
		return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
	} catch {
		return [];
	}
}

export function forgetSearches(storage: Storage, user_id: string): void {
	storage.removeItem(PREFIX + user_id);
}
