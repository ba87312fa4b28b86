import type { Sender } from '$lib/api/types';
import { matchPeople, plain, tokenAt, type Token } from '$lib/state/completion';
import { byShortcode, inTone, searchEmoji, type Emoji } from '$lib/state/emoji';
import { personName } from '$lib/state/names';

export interface Option {
	readonly key: string;
	readonly insert: string;
	readonly label: string;
	readonly hint: string;
	readonly person: Sender | null;
	readonly emoji: string | null;
}

export interface Sources {
	people(): Promise<readonly Sender[]>;
	/** What mentioning all of the room is called here; null for who may not. */
	everybody(): string | null;
	emoji(): Promise<readonly Emoji[]>;
	tone(): number;
}

const MOST = 6;

/** What is suggested for the word at the caret. */
export class Completion {
	options = $state.raw<readonly Option[]>([]);
	kind = $state<Token['kind']>('person');
	active = $state(0);

	#sources: Sources;
	#token: Token | null = null;
	/** Where the word begins for which nothing is wanted. */
	#unwanted = -1;
	#question = 0;

	constructor(sources: Sources) {
		this.#sources = sources;
	}

	get token(): Token | null {
		return this.options.length > 0 ? this.#token : null;
	}

	/** What is typed out in full: Enter need not take it. */
	get complete(): boolean {
		const [only, more] = this.options;
		return !more && only?.person !== null && plain(only?.person.username ?? '') === this.#query;
	}

	async look(text: string, caret: number): Promise<void> {
		const token = tokenAt(text, caret);
		const question = ++this.#question;
		if (token?.from !== this.#unwanted) this.#unwanted = -1;
		if (!token || token.closed || token.from === this.#unwanted) return this.#show(null, []);
		try {
			const options = await this.#find(token);
			if (question === this.#question) this.#show(token, options);
		} catch (error) {
			console.warn('nothing to suggest', error);
			if (question === this.#question) this.#show(null, []);
		}
	}

	/** The emoji whose name between colons has just been finished. */
	async named(text: string, caret: number): Promise<{ token: Token; insert: string } | null> {
		const token = tokenAt(text, caret);
		if (token?.kind !== 'emoji' || !token.closed) return null;
		try {
			const found = byShortcode(await this.#sources.emoji(), token.query);
			return found ? { token, insert: inTone(found, this.#sources.tone()) } : null;
		} catch (error) {
			console.warn('emoji not loaded', error);
			return null;
		}
	}

	move(step: number): void {
		this.active = (this.active + step + this.options.length) % this.options.length;
	}

	/** Closes the list, until another word is begun. */
	dismiss(): void {
		this.#unwanted = this.#token?.from ?? -1;
		this.close();
	}

	close(): void {
		this.#question++;
		this.#show(null, []);
	}

	get #query(): string {
		return plain(this.#token?.query ?? '');
	}

	#show(token: Token | null, options: readonly Option[]): void {
		if (token) this.kind = token.kind;
		this.#token = token;
		this.options = options;
		this.active = 0;
	}

	async #find({ kind, query }: Token): Promise<Option[]> {
		return kind === 'person' ? this.#people(query) : this.#emoji(query);
	}

	async #people(query: string): Promise<Option[]> {
		const people = matchPeople(await this.#sources.people(), query, MOST);
		const options = people.map((person) => ({
			key: person.id,
			insert: `@${person.username} `,
			label: personName(person),
			hint: `@${person.username}`,
			person,
			emoji: null,
		}));
		const everybody = this.#sources.everybody();
		if (!everybody || !'room'.startsWith(plain(query))) return options;
		const all = { label: '@room', hint: everybody, person: null, emoji: '📣' };
		return [...options.slice(0, MOST - 1), { key: 'room', insert: '@room ', ...all }];
	}

	async #emoji(query: string): Promise<Option[]> {
		const tone = this.#sources.tone();
		return searchEmoji(await this.#sources.emoji(), query, MOST).map((found) => {
			const emoji = inTone(found, tone);
			const code = found.shortcodes[0];
			const hint = code ? `:${code}:` : '';
			return {
				key: found.emoji,
				insert: `${emoji} `,
				label: found.name,
				hint,
				person: null,
				emoji,
			};
		});
	}
}
