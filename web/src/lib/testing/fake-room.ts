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
	#waiting: (() => void)[] = [];

	seen: Message[] = [];
	readonly sync = new RoomSync({
		source: {
			newest: () => this.#answer('newest', () => this.#page()),
			older: (before) => this.#answer(`older ${before}`, () => this.#page(before)),
			changes: (since) => this.#answer(`changes ${since}`, () => this.#changes(since)),
			more: (next) => this.#answer(`changes ${next}`, () => this.#changes(Number(next))),
		},
		pause: () => Promise.resolve(),
		isFinal: (error) => error === 'final',
		onChange: () => undefined,
		onMessages: (messages) => this.seen.push(...messages),
	});

	/** Commits a change and gives its event. */
	commit(message: Message): Message {
		this.#messages.set(message.id, message);
		this.revision = Math.max(this.revision, message.revision);
		return message;
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

	get stored(): string[] {
		return this.#sorted('seq').map(({ seq, content }) => `${seq}:${content}`);
	}

	#sorted(by: 'seq' | 'revision'): Message[] {
		return [...this.#messages.values()].sort((a, b) => a[by] - b[by]);
	}

	#page(before?: string): MessagePage {
		const all = this.#sorted('seq');
		const end = before ? all.findIndex(({ id }) => id === before) : all.length;
		const start = Math.max(0, end - this.pageSize);
		return {
			results: all.slice(start, end),
			next: start > 0 ? 'older' : null,
			previous: null,
			revision: this.revision,
		};
	}

	#changes(since: number): ChangesPage {
		const all = this.#sorted('revision').filter(({ revision }) => revision > since);
		const results = all.slice(0, this.pageSize);
		const next = all.length > results.length ? String(results.at(-1)?.revision) : null;
		return { results, revision: this.revision, next };
	}

	async #answer<T>(call: string, take: () => T): Promise<T> {
		this.calls.push(call);
		const answer = take();
		if (this.held) await new Promise<void>((go) => this.#waiting.push(go));
		const failure = this.failures.shift();
		if (failure) throw failure;
		return answer;
	}
}
