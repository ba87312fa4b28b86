import type { Member, Page, Sender } from '$lib/api/types';
import { personName } from './names';

export interface MemberSource {
	first: () => Promise<Page<Member>>;
	more: (next: string) => Promise<Page<Member>>;
}

/** The members of a room, page by page, and anew whenever the room says that something changed. */
export class Members {
	list = $state.raw<readonly Member[]>([]);
	loaded = $state(false);
	busy = $state(false);
	failure = $state.raw<unknown>(null);
	next = $state<string | null>(null);

	#source: MemberSource;
	#turn = 0;

	constructor(source: MemberSource) {
		this.#source = source;
	}

	/** As many as are shown already; a later call overtakes one under way. */
	async load(): Promise<void> {
		const turn = ++this.#turn;
		const wanted = this.list.length;
		await this.#run(turn, async () => {
			let { results, next } = await this.#source.first();
			while (next && results.length < wanted) {
				const page = await this.#source.more(next);
				results = [...results, ...page.results];
				next = page.next;
			}
			if (turn !== this.#turn) return;
			[this.list, this.next, this.loaded] = [results, next, true];
		});
	}

	async more(): Promise<void> {
		const { next } = this;
		if (!next || this.busy) return;
		const turn = ++this.#turn;
		await this.#run(turn, async () => {
			const page = await this.#source.more(next);
			if (turn !== this.#turn) return;
			this.list = [...this.list, ...page.results];
			this.next = page.next;
		});
	}

	/** To look for somebody among them, all must be there. */
	async all(): Promise<void> {
		while (this.next && !this.busy && !this.failure) await this.more();
	}

	found(words: string): readonly Member[] {
		const wanted = fold(words.trim());
		if (!wanted) return this.list;
		return this.list.filter(
			({ user }) => fold(personName(user)).includes(wanted) || fold(user.username).includes(wanted),
		);
	}

	rename(person: Sender): void {
		this.list = this.list.map((member) =>
			member.user.id === person.id ? { ...member, user: person } : member,
		);
	}

	async #run(turn: number, work: () => Promise<void>): Promise<void> {
		this.busy = true;
		try {
			await work();
			if (turn === this.#turn) this.failure = null;
		} catch (error) {
			if (turn === this.#turn) this.failure = error;
		} finally {
			if (turn === this.#turn) this.busy = false;
		}
	}
}

function fold(text: string): string {
	return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
