import type { ChangesPage, Message, MessagePage } from '$lib/api/types';
import { applyChanges, emptyTimeline, later, prepend, trim, type Timeline } from './timeline';

export interface RoomSource {
	newest(): Promise<MessagePage>;
	older(before: string): Promise<MessagePage>;
	changes(since: number): Promise<ChangesPage>;
	/** Follows a `next` of `changes`. */
	more(next: string): Promise<ChangesPage>;
}

export interface RoomSyncDeps {
	source: RoomSource;
	/** Waits before attempt `attempt` of a request that failed. */
	pause(attempt: number): Promise<void>;
	/** True for a failure that will not go away (403, 404): no more attempts. */
	isFinal(error: unknown): boolean;
	/** The timeline, the revision or the loading state changed. */
	onChange(): void;
	/** Every message seen, from whichever door; the outbox finds its own among them. */
	onMessages(messages: readonly Message[]): void;
}

/** Further behind than this, the newest page is cheaper than all that was missed. */
const FAR_BEHIND = 500;

/**
 * Follows one room by the rule of docs/realtime.md. Events are buffered while a page or a
 * catch-up is on its way, and a catch-up is applied as a whole: a message made *and* changed since
 * then comes with its last change only, which may be pages later than its `seq`.
 */
export class RoomSync {
	timeline: Timeline = emptyTimeline;
	revision = 0;
	loaded = false;
	loadingOlder = false;
	failure: unknown = null;

	#deps: RoomSyncDeps;
	#buffer = new Map<number, Message>();
	/** Changes of messages that are not loaded, kept while an older page is on its way. */
	#passing = new Map<string, Message>();
	/** The highest revision the server is known to have reached. */
	#target = 0;
	#working: Promise<void> | null = null;
	#reload = true;
	#checkAgain = false;
	#stopped = false;

	constructor(deps: RoomSyncDeps) {
		this.#deps = deps;
	}

	/** Loads the newest page, or waits for what is already going on. */
	load(): Promise<void> {
		return this.#work();
	}

	stop(): void {
		this.#stopped = true;
	}

	/** An event with the Message as it now stands. */
	receive(message: Message): void {
		if (this.#stopped) return;
		if (message.revision <= this.revision) return this.#deps.onMessages([message]);
		this.#buffer.set(message.revision, message);
		this.#target = Math.max(this.#target, message.revision);
		if (this.#working) return;
		this.#drain();
		if (this.#buffer.size > 0) void this.#work();
	}

	/** The server says (in `hello`, or an `ack`) that the room has reached `revision`. */
	noteRevision(revision: number): void {
		this.#target = Math.max(this.#target, revision);
		if (!this.#stopped && this.loaded && revision > this.revision) void this.#work();
	}

	/** Events were dropped: ask, whatever the numbers say. */
	resync(): Promise<void> {
		this.#checkAgain = true;
		return this.#work();
	}

	/** Takes a message from an answer to our own call; the revision is left to its event. */
	adopt(messages: readonly Message[]): void {
		this.#deps.onMessages(messages);
		const known = new Set(this.timeline.messages.map((message) => message.id));
		const held = messages.filter((message) => known.has(message.id));
		this.timeline = applyChanges(this.timeline, held, this.revision);
		this.#deps.onChange();
	}

	async loadOlder(): Promise<void> {
		const first = this.timeline.messages[0];
		if (this.#stopped || this.loadingOlder || !first || !this.timeline.hasOlder) return;
		this.loadingOlder = true;
		this.#deps.onChange();
		try {
			const page = await this.#deps.source.older(first.id);
			// A reload in between has other messages at its head; the page would leave a hole.
			if (this.#stopped || this.timeline.messages[0]?.id !== first.id) return;
			// The page may be older than events that passed by while it was on its way.
			const fresh = page.results.map((message) => later(this.#passing.get(message.id), message));
			this.timeline = prepend(this.timeline, fresh, page.next !== null);
		} finally {
			this.loadingOlder = false;
			this.#passing.clear();
			this.#deps.onChange();
		}
	}

	/** Forgets old messages beyond `keep`. */
	trim(keep: number): void {
		if (this.loadingOlder) return;
		this.timeline = trim(this.timeline, keep);
		this.#deps.onChange();
	}

	#work(): Promise<void> {
		this.#working ??= this.#run().finally(() => {
			this.#working = null;
		});
		return this.#working;
	}

	async #run(): Promise<void> {
		let attempt = 0;
		while (!this.#stopped && this.#isBehind()) {
			try {
				const before = this.revision;
				await (this.#reload ? this.#loadNewest() : this.#catchUp());
				// No step forward although an event promised one: the answer was too early.
				const stuck = this.#isBehind() && this.revision === before;
				attempt = stuck ? attempt + 1 : 0;
				if (stuck) await this.#deps.pause(attempt - 1);
			} catch (error) {
				if (this.#deps.isFinal(error)) {
					this.failure = error;
					this.#deps.onChange();
					return;
				}
				await this.#deps.pause(attempt++);
			}
		}
	}

	#isBehind(): boolean {
		return this.#reload || this.#checkAgain || this.#target > this.revision;
	}

	async #loadNewest(): Promise<void> {
		const page = await this.#deps.source.newest();
		if (this.#stopped) return;
		this.#reload = false;
		this.#checkAgain = false;
		this.failure = null;
		this.loaded = true;
		this.timeline = { messages: page.results, hasOlder: page.next !== null };
		this.revision = page.revision;
		this.#deps.onMessages(page.results);
		this.#drain(true);
	}

	async #catchUp(): Promise<void> {
		if (this.#target - this.revision > FAR_BEHIND) {
			this.#reload = true;
			return;
		}
		const since = this.revision;
		// Cleared before the request: a resync that comes during it asks once more.
		this.#checkAgain = false;
		let page: ChangesPage;
		try {
			page = await this.#deps.source.changes(since);
			const changes = [...page.results];
			while (page.next && page.revision - since <= FAR_BEHIND && !this.#stopped) {
				page = await this.#deps.source.more(page.next);
				changes.push(...page.results);
			}
			if (this.#stopped) return;
			if (page.next) {
				this.#reload = true;
				return;
			}
			this.failure = null;
			this.#apply(changes, Math.max(page.revision, since));
			this.#drain(true);
		} catch (error) {
			this.#checkAgain = true;
			throw error;
		}
	}

	/** Applies the buffered events that follow without a gap, and forgets those already covered. */
	#drain(changed = false): void {
		for (const revision of [...this.#buffer.keys()].sort((a, b) => a - b)) {
			const message = this.#buffer.get(revision);
			if (message && revision === this.revision + 1) this.#apply([message], revision);
			if (revision > this.revision) break;
			this.#buffer.delete(revision);
			changed = true;
		}
		if (changed) this.#deps.onChange();
	}

	#apply(changes: readonly Message[], revision: number): void {
		this.timeline = applyChanges(this.timeline, changes, this.revision);
		this.revision = revision;
		if (this.loadingOlder) for (const message of changes) this.#passing.set(message.id, message);
		this.#deps.onMessages(changes);
	}
}
