import { isFinal } from '$lib/api/errors';
import { follow } from '$lib/api/client';
import { changesOf, messagesOf } from '$lib/api/rooms';
import type { ChangesPage, Message } from '$lib/api/types';
import { backoff } from '$lib/realtime/backoff';
import { sleep, systemClock } from '$lib/realtime/clock';
import { firstUnread, firstUnreadIn, readUpTo, unreadAfter } from './read-marks';
import { countsAsUnread } from './room-list';
import { RoomSync, type Place } from './room-sync';
import { emptyTimeline, type Timeline } from './timeline';

/** Where somebody was in a room: a message, and how far below the upper edge it began, in pixels. */
export interface Position {
	readonly message_id: string;
	readonly top: number;
}

/** A page around a message: half of it before, half from it on. */
const AROUND = 60;
/** Events that follow this closely show together: the page is not drawn anew for each of fifty a second. */
const GATHER_MS = 40;

/** One opened room for the pages: the reactive face of its `RoomSync`. */
export class RoomView {
	readonly id: string;
	timeline = $state.raw<Timeline>(emptyTimeline);
	/** Up to which number the timeline on the page has come. */
	revision = 0;
	loaded = $state(false);
	fresh = $state(false);
	loadingOlder = $state(false);
	loadingNewer = $state(false);
	failure = $state.raw<unknown>(null);
	/** Up to which `seq` somebody else has read. */
	readSeq = $state(0);
	/** Up to which `seq` this device has told the server that it was read. */
	markedSeq = 0;
	/** Where somebody left off, if not at the end. */
	position: Position | null = null;

	readonly sync: RoomSync;
	#myId: string;
	#onMessages: (messages: readonly Message[]) => void;
	#seen: Message[] = [];
	#shownAt = -Infinity;
	#gathering = false;
	#cancel: (() => void) | null = null;

	constructor(id: string, myId: string, onMessages: (messages: readonly Message[]) => void) {
		this.id = id;
		this.#myId = myId;
		this.#onMessages = onMessages;
		this.sync = new RoomSync({
			source: {
				newest: () => messagesOf(id),
				around: (place) => messagesOf(id, { around: place, limit: AROUND }),
				older: (before) => messagesOf(id, { before }),
				newer: (after) => messagesOf(id, { after }),
				// The first change from its own number on is itself, wherever it may be seen.
				sees: async (message) => {
					const { results } = await changesOf(id, message.revision - 1, 1);
					return results[0]?.id === message.id;
				},
				changes: (since) => changesOf(id, since),
				more: (next) => follow<ChangesPage>(next),
			},
			pause: (attempt) => sleep(systemClock, backoff(attempt, Math.random)),
			isFinal,
			counts: (message) => countsAsUnread(message, myId),
			reading: (): Place => this.position?.message_id ?? null,
			onChange: () => this.#changed(),
			onMessages: (messages) => {
				this.#seen.push(...messages);
				this.#changed();
			},
		});
	}

	/** Where `unread` messages begin, as far as what is loaded says. */
	firstUnread(unread: number): number | null {
		const { messages, hasNewer } = this.timeline;
		const page = this.sync.unreadPage;
		if (!hasNewer && unreadAfter(messages, 0, this.#myId) >= unread) {
			return firstUnread(messages, unread, this.#myId);
		}
		return page && firstUnreadIn(page, AROUND / 2, unread, this.#myId);
	}

	/** Somebody else has read up to `seq`. */
	readBy(seq: number): void {
		this.readSeq = Math.max(this.readSeq, seq);
	}

	/** Reading raises no revision: after a pause the newest page says who has read meanwhile. */
	async refreshReads(): Promise<void> {
		try {
			const { results } = await messagesOf(this.id);
			this.sync.adopt(results);
			this.readBy(readUpTo(results, 0, this.#myId));
		} catch (error) {
			console.warn('read marks not refreshed', error);
		}
	}

	stop(): void {
		this.sync.stop();
		this.#cancel?.();
	}

	/** An event: the first shows at once, those that follow closely show together. */
	receive(message: Message): void {
		this.#gathering = true;
		this.sync.receive(message);
		this.#gathering = false;
	}

	#changed(): void {
		const wait = this.#shownAt + GATHER_MS - systemClock.now();
		if (!this.#gathering || wait <= 0) return this.#show();
		this.#cancel ??= systemClock.after(wait, () => this.#show());
	}

	#show(): void {
		this.#cancel?.();
		this.#cancel = null;
		this.#shownAt = systemClock.now();
		const { timeline, loaded, fresh, loadingOlder, loadingNewer, failure } = this.sync;
		this.timeline = timeline;
		this.revision = this.sync.revision;
		this.loaded = loaded;
		this.fresh = fresh;
		this.loadingOlder = loadingOlder;
		this.loadingNewer = loadingNewer;
		this.failure = failure;
		this.readSeq = readUpTo(timeline.messages, this.readSeq, this.#myId);
		// Not before the page has them: the outbox takes its own away.
		const seen = this.#seen.splice(0);
		if (seen.length > 0) this.#onMessages(seen);
	}
}
