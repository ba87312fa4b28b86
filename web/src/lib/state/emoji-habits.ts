const RECENT = 'charla.emoji.recent';
const TONE = 'charla.emoji.tone';
const MOST = 32;

/** Which emoji are used on this device, the latest first, and in which skin tone. */
export class EmojiHabits {
	recent: readonly string[];
	tone: number;
	#storage: Storage;

	constructor(storage: Storage) {
		this.#storage = storage;
		this.recent = list(storage.getItem(RECENT));
		const tone = Number(storage.getItem(TONE));
		this.tone = [1, 2, 3, 4, 5].includes(tone) ? tone : 0;
	}

	used(emoji: string): void {
		this.recent = [emoji, ...this.recent.filter((one) => one !== emoji)].slice(0, MOST);
		this.#store(RECENT, JSON.stringify(this.recent));
	}

	chooseTone(tone: number): void {
		this.tone = tone;
		this.#store(TONE, String(tone));
	}

	#store(key: string, value: string): void {
		try {
			this.#storage.setItem(key, value);
		} catch (error) {
			console.warn('emoji habits not stored', error);
		}
	}
}

function list(text: string | null): string[] {
	try {
		const value: unknown = JSON.parse(text ?? '[]');
		return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
	} catch {
		return [];
	}
}
