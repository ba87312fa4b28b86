import type { ChangesPage, Message, MessagePage } from '$lib/api/types';
import { RoomSync } from '$lib/state/room-sync';
import { settled } from './fake-clock';

/** A room on a server that keeps every change, with requests that can be held and made to fail. */
export class FakeRoom {
	#messages = new Map<string, Message>();
	revision = 0;
	pageSize = 50;
	/** What was asked for, such as `changes 3`. */
	calls: string[] = [];
	/** While set, answers are taken when asked but arrive only after `release`. */
	held = false;
	failures: unknown[] = [];
	/** What is on screen, where that is not the newest. */
	reading: string | null = null;
	/** Messages up to this `seq` are hidden: the history was cleared. */
	hidden = 0;
	/** What `first_unread` leads to. */
	firstUnread: string | null = null;
	#waiting: (() => void)[] = [];

	seen: Message[] = [];
	readonly sync = new RoomSync({
		source: {
			newest: () => this.#answer('newest', () => this.#page()),
			around: (place) => this.#answer(`around ${place}`, () => this.#around(place)),
			older: (before) => this.#answer(`older ${before}`, () => this.#page(before)),
			newer: (after) => this.#answer(`newer ${after}`, () => this.#after(after)),
			sees: ({ id }) => this.#answer(`sees ${id}`, () => this.seqs.includes(Number(id.slice(1)))),
			changes: (since) => this.#answer(`changes ${since}`, () => this.#changes(since)),
			more: (next) => this.#answer(`changes ${next}`, () => this.#changes(Number(next))),
		},
		pause: () => Promise.resolve(),
		isFinal: (error) => error === 'final',
		counts: (message) => !message.is_deleted,
		reading: () => this.reading,
		onChange: () => undefined,
		onMessages: (messages) => this.seen.push(...messages),
	});

	/** Commits a change and gives its event. */
	commit(message: Message): Message {
		this.#messages.set(message.id, message);
		this.revision = Math.max(this.revision, message.revision);
		return message;
	}

	/** The database comes back as it was at `revision`, as far as that is possible here. */
	goBack(revision: number): void {
		for (const [id, message] of this.#messages) {
			if (message.revision > revision) this.#messages.delete(id);
		}
		this.revision = revision;
	}

	async release(): Promise<void> {
		this.held = false;
		for (const go of this.#waiting.splice(0)) go();
		await settled();
	}

	/** What the client shows, as `seq:content`. */
	get shown(): string[] {
		return this.sync.timeline.messages.map(({ seq, content }) => `${seq}:${content}`);
	}

	/** Of everything there is to see, the `seq`. */
	get seqs(): number[] {
		return this.#sorted('seq').map(({ seq }) => seq);
	}

	get stored(): string[] {
		return this.#sorted('seq').map(({ seq, content }) => `${seq}:${content}`);
	}

	#sorted(by: 'seq' | 'revision'): Message[] {
		const visible = [...this.#messages.values()].filter(({ seq }) => seq > this.hidden);
		return visible.sort((a, b) => a[by] - b[by]);
	}

	#page(before?: string): MessagePage {
		const end = before ? this.#at(before) : this.#sorted('seq').length;
		return this.#slice(Math.max(0, end - this.pageSize), end);
	}

	#after(after: string): MessagePage {
		const start = this.#at(after) + 1;
		return this.#slice(start, start + this.pageSize);
	}

	#around(place: string): MessagePage {
		const id = place === 'first_unread' ? this.firstUnread : place;
		if (id === null) return this.#page();
		const half = Math.floor(this.pageSize / 2);
		const index = this.#at(id);
		return this.#slice(Math.max(0, index - half), index + this.pageSize - half);
	}

	#slice(start: number, end: number): MessagePage {
		const all = this.#sorted('seq');
		return {
			results: all.slice(start, end),
			next: start > 0 ? 'older' : null,
			previous: end < all.length ? 'newer' : null,
			revision: this.revision,
		};
	}

	#at(id: string): number {
		const index = this.#sorted('seq').findIndex((message) => message.id === id);
		if (index < 0) throw 'final' as unknown;
		return index;
	}

	#changes(since: number): ChangesPage {
		const all = this.#sorted('revision').filter(({ revision }) => revision > since);
		const results = all.slice(0, this.pageSize);
		const next = all.length > results.length ? String(results.at(-1)?.revision) : null;
		return { results, revision: this.revision, next };
	}

	async #answer<T>(call: string, take: () => T): Promise<T> {
		this.calls.push(call);
		let answer: T;
		try {
			answer = take();
		} catch (error) {
			return Promise.reject(error as Error);
		}
		if (this.held) await new Promise<void>((go) => this.#waiting.push(go));
		const failure = this.failures.shift();
		if (failure) throw failure;
		return answer;
	}
}
