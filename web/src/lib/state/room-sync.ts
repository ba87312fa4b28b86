import type { ChangesPage, Message, MessagePage, Sender } from '$lib/api/types';
import { renamePerson } from './rename-person';
import {
	append,
	applyChanges,
	emptyTimeline,
	fromPage,
	holds,
	later,
	moveTo,
	prepend,
	trimNewer,
	trimOlder,
	type Timeline,
} from './timeline';

/** A message's id, `first_unread`, or null for the newest. */
export type Place = string | null;

export interface RoomSource {
	newest(): Promise<MessagePage>;
	around(place: string): Promise<MessagePage>;
	older(before: string): Promise<MessagePage>;
	newer(after: string): Promise<MessagePage>;
	/** False where the message, as we know it, is hidden from us. */
	sees(message: Message): Promise<boolean>;
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
	/** Whether a message out of sight is worth counting. */
	counts(message: Message): boolean;
	/** What is being read, where the room has to be loaded anew. */
	reading(): Place;
	/** The timeline, the revision or the loading state changed. */
	onChange(): void;
	/** Every message seen, from whichever door; the outbox finds its own among them. */
	onMessages(messages: readonly Message[]): void;
}

/** Further behind than this, a page is cheaper than all that was missed. */
const FAR_BEHIND = 500;

/** Changes that came while a page was on its way, which may be older than they are. */
type Passing = Map<string, Message>;

/**
 * Follows one room by the rule of docs/realtime.md. Events are buffered while a page or a
 * catch-up is on its way, and a catch-up is applied as a whole: a message made *and* changed since
 * then comes with its last change only, which may be pages later than its `seq`.
 *
 * The timeline may be any part of the room. Where it does not end with the newest message, what is
 * new is counted and left to the page that leads there.
 */
export class RoomSync {
	timeline: Timeline = emptyTimeline;
	revision = 0;
	loaded = false;
	/** What is shown has been compared with the server since the start. */
	fresh = false;
	loadingOlder = false;
	loadingNewer = false;
	failure: unknown = null;
	/** The page that `first_unread` led to. */
	unreadPage: MessagePage | null = null;
	/** The server has another past than we hold: its database came back from a backup. Nothing held here is of use any more. */
	onGoneBack: () => void = () => undefined;

	#deps: RoomSyncDeps;
	#buffer = new Map<number, Message>();
	#passing = new Set<Passing>();
	/** New messages below a timeline that ends before them: id → `seq`. */
	#below = new Map<string, number>();
	/** The highest revision the server is known to have reached. */
	#target = 0;
	#working: Promise<void> | null = null;
	#place: Place = null;
	#reload = true;
	#checkAgain = false;
	#unverified = false;
	#stopped = false;
	/** Grows each time the timeline is replaced, so that pages for the one before are dropped. */
	#loads = 0;
	/** Grows with each move: the last one counts. */
	#moves = 0;

	constructor(deps: RoomSyncDeps) {
		this.#deps = deps;
	}

	/** Loads the page at `place`, or waits for what is already going on. */
	load(place: Place = null): Promise<void> {
		if (!this.loaded && !this.#working) this.#place = place;
		if (this.#unverified) void this.verify();
		return this.#work();
	}

	/** Begins with what was kept of the room, and asks what has changed since. */
	restore(messages: readonly Message[], hasOlder: boolean, revision: number): void {
		if (this.loaded || this.#working || this.#stopped) return;
		this.timeline = { messages, hasOlder, hasNewer: false, upTo: revision };
		this.revision = revision;
		this.loaded = true;
		this.#reload = false;
		this.#checkAgain = true;
		this.#unverified = true;
		this.#deps.onChange();
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

	/** `hello`, before anything else on its socket: what was told on an earlier one is part of its number. */
	greet(revision: number): void {
		this.#buffer.clear();
		this.#target = revision;
		// Gone back, or overtaken by an answer: the next one tells.
		if (revision < this.revision) this.#checkAgain = true;
		if (this.loaded) void this.#work();
	}

	/** The server says (in an `ack`) that the room has reached `revision`. */
	noteRevision(revision: number): void {
		this.#target = Math.max(this.#target, revision);
		if (!this.#stopped && this.loaded && revision > this.revision) void this.#work();
	}

	/** Events were dropped: ask, whatever the numbers say. */
	resync(): Promise<void> {
		this.#checkAgain = true;
		return this.#work();
	}

	/** Its history may have been cleared, which raises no number: to be asked before it shows again. */
	doubt(): void {
		this.#unverified = true;
	}

	/** Asks whether what is loaded may still be seen. What is hidden is always the oldest part. */
	async verify(): Promise<void> {
		this.#unverified = false;
		// What has changed since would not be known by its number.
		await this.#working;
		const first = this.timeline.messages[0];
		if (this.#stopped || !first) return;
		try {
			if ((await this.#deps.source.sees(first)) || this.#stopped) return;
		} catch {
			this.#unverified = true;
			return;
		}
		this.#replace(emptyTimeline);
		this.#reload = true;
		this.#deps.onChange();
		await this.#work();
	}

	/** Takes a message from an answer to our own call; the revision is left to its event. */
	adopt(messages: readonly Message[]): void {
		this.#deps.onMessages(messages);
		const held = messages.filter(({ seq }) => holds(this.timeline, seq));
		this.timeline = applyChanges(this.timeline, held, this.revision);
		this.#deps.onChange();
	}

	/** Raises no revision: it may be anywhere in what is loaded. */
	rename(person: Sender): void {
		const messages = this.timeline.messages.map((message) => renamePerson(message, person));
		this.timeline = { ...this.timeline, messages };
		this.#deps.onChange();
	}

	/** How many messages after `seq` have come below what is loaded. */
	newBelow(seq: number): number {
		let count = 0;
		for (const at of this.#below.values()) if (at > seq) count++;
		return count;
	}

	async loadOlder(): Promise<void> {
		const { messages, hasOlder } = this.timeline;
		const first = messages[0];
		if (this.#stopped || this.loadingOlder || !first || !hasOlder) return;
		this.loadingOlder = true;
		this.#deps.onChange();
		try {
			await this.#extend(
				() => this.#deps.source.older(first.id),
				() => this.timeline.messages[0]?.id === first.id,
				prepend,
			);
		} finally {
			this.loadingOlder = false;
			this.#deps.onChange();
		}
	}

	async loadNewer(): Promise<void> {
		const { messages, hasNewer } = this.timeline;
		const last = messages.at(-1);
		if (this.#stopped || this.loadingNewer || !last || !hasNewer) return;
		this.loadingNewer = true;
		this.#deps.onChange();
		try {
			await this.#extend(
				() => this.#deps.source.newer(last.id),
				() => this.timeline.messages.at(-1)?.id === last.id && this.timeline.hasNewer,
				append,
			);
		} finally {
			this.loadingNewer = false;
			this.#deps.onChange();
		}
	}

	/**
	 * Goes to any place in the room with one request. False where another move has overtaken it; a
	 * place that is not there rejects.
	 */
	async moveTo(place: Place): Promise<boolean> {
		const move = ++this.#moves;
		const isCurrent = () => move === this.#moves && !this.#stopped;
		for (;;) {
			if (!this.loaded || this.#reload) await this.#working;
			const loads = this.#loads;
			const passing = this.#watch();
			try {
				const page = await this.#pageAt(place);
				if (!isCurrent()) return false;
				// Loaded anew meanwhile, so that not all that passed by is known.
				if (loads !== this.#loads) continue;
				if (place === 'first_unread') this.unreadPage = page;
				this.#install(moveTo(this.timeline, page), page, passing);
				this.#loads++;
				this.#deps.onChange();
				return true;
			} finally {
				this.#passing.delete(passing);
			}
		}
	}

	/** Forgets old messages beyond `keep`. */
	trimOlder(keep: number): void {
		if (this.loadingOlder) return;
		this.timeline = trimOlder(this.timeline, keep);
		this.#deps.onChange();
	}

	/** Forgets the newest ones beyond `keep`; those after `seen` stay counted. */
	trimNewer(keep: number, seen: number): void {
		if (this.loadingNewer) return;
		for (const message of this.timeline.messages.slice(keep)) {
			if (message.seq > seen && this.#deps.counts(message)) {
				this.#below.set(message.id, message.seq);
			}
		}
		this.timeline = trimNewer(this.timeline, keep);
		this.#deps.onChange();
	}

	#work(): Promise<void> {
		if (this.#stopped || !this.#isBehind()) return this.#working ?? Promise.resolve();
		this.#working ??= this.#run();
		return this.#working;
	}

	async #run(): Promise<void> {
		let attempt = 0;
		while (!this.#stopped && this.#isBehind()) {
			try {
				const before = this.revision;
				await (this.#reload ? this.#load() : this.#catchUp());
				// No step forward although an event promised one: the answer was too early.
				const stuck = this.#isBehind() && this.revision === before;
				attempt = stuck ? attempt + 1 : 0;
				if (stuck) await this.#deps.pause(attempt - 1);
			} catch (error) {
				if (this.#deps.isFinal(error)) {
					this.failure = error;
					break;
				}
				await this.#deps.pause(attempt++);
			}
		}
		// Not a turn later: what comes in between would count on this one.
		this.#working = null;
		if (this.failure) this.#deps.onChange();
	}

	#isBehind(): boolean {
		return this.#reload || this.#checkAgain || this.#target > this.revision;
	}

	async #load(): Promise<void> {
		const place = this.loaded ? this.#deps.reading() : this.#place;
		const page = await this.#pageAt(place).catch((error: unknown) => {
			// The message is gone, or hidden; the room may still be there.
			if (place === null || !this.#deps.isFinal(error)) throw error;
			return this.#deps.source.newest();
		});
		if (this.#stopped) return;
		if (place === 'first_unread') this.unreadPage = page;
		this.#reload = false;
		this.#checkAgain = false;
		this.failure = null;
		this.#replace(fromPage(page));
		this.loaded = true;
		this.fresh = true;
		this.revision = page.revision;
		this.#deps.onMessages(page.results);
		this.#drain(true);
	}

	#pageAt(place: Place): Promise<MessagePage> {
		const { source } = this.#deps;
		return place === null ? source.newest() : source.around(place);
	}

	async #catchUp(): Promise<void> {
		if (this.#target - this.revision > FAR_BEHIND) {
			this.#reload = true;
			return;
		}
		const since = this.revision;
		// What we know last comes along where it is held: another change of its number tells of another past.
		const last = this.timeline.messages.find(({ revision }) => revision === since);
		// Cleared before the request: a resync that comes during it asks once more.
		this.#checkAgain = false;
		let page: ChangesPage;
		try {
			page = await this.#deps.source.changes(last ? since - 1 : since);
			if (this.#stopped) return;
			const changes = [...page.results];
			const again = changes[0]?.revision === since ? changes.shift() : last;
			if (page.revision < since || again?.id !== last?.id) {
				this.stop();
				return this.onGoneBack();
			}
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
			this.fresh = true;
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
		if (this.timeline.hasNewer) this.#count(changes);
		this.timeline = applyChanges(this.timeline, changes, revision);
		this.revision = revision;
		for (const passing of this.#passing) {
			for (const message of changes) {
				passing.set(message.id, later(passing.get(message.id), message));
			}
		}
		this.#deps.onMessages(changes);
	}

	/** What is new, where the timeline ends before it. */
	#count(changes: readonly Message[]): void {
		for (const message of changes) {
			const { id, seq } = message;
			if (!this.#deps.counts(message)) this.#below.delete(id);
			else if (seq > this.revision && !holds(this.timeline, seq)) this.#below.set(id, seq);
		}
	}

	#watch(): Passing {
		const passing: Passing = new Map();
		this.#passing.add(passing);
		return passing;
	}

	/** Adds a page at one end, unless that end has become another one meanwhile. */
	async #extend(
		load: () => Promise<MessagePage>,
		stands: () => boolean,
		add: (timeline: Timeline, page: MessagePage) => Timeline,
	): Promise<void> {
		const loads = this.#loads;
		const passing = this.#watch();
		try {
			const page = await load();
			if (this.#stopped || loads !== this.#loads || !stands()) return;
			this.#install(add(this.timeline, page), page, passing);
		} finally {
			this.#passing.delete(passing);
		}
	}

	#install(timeline: Timeline, page: MessagePage, passing: Passing): void {
		this.timeline = applyChanges(timeline, [...passing.values()], this.revision);
		if (!this.timeline.hasNewer) this.#below.clear();
		for (const { id } of page.results) this.#below.delete(id);
		this.#deps.onMessages(page.results);
	}

	#replace(timeline: Timeline): void {
		this.#loads++;
		this.timeline = timeline;
		this.#below.clear();
	}
}
