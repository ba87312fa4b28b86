import { isFinal } from '$lib/api/errors';
import { follow } from '$lib/api/client';
import { changesOf, messagesOf } from '$lib/api/rooms';
import type { ChangesPage, Message } from '$lib/api/types';
import { backoff } from '$lib/realtime/backoff';
import { sleep, systemClock } from '$lib/realtime/clock';
import { readUpTo } from './read-marks';
import { RoomSync } from './room-sync';
import { emptyTimeline, type Timeline } from './timeline';

/** One opened room for the pages: the reactive face of its `RoomSync`. */
export class RoomView {
	readonly id: string;
	timeline = $state.raw<Timeline>(emptyTimeline);
	loaded = $state(false);
	loadingOlder = $state(false);
	failure = $state.raw<unknown>(null);
	/** Up to which `seq` somebody else has read. */
	readSeq = $state(0);
	/** Up to which `seq` this device has told the server that it was read. */
	markedSeq = 0;

	readonly sync: RoomSync;
	#myId: string;

	constructor(id: string, myId: string, onMessages: (messages: readonly Message[]) => void) {
		this.id = id;
		this.#myId = myId;
		this.sync = new RoomSync({
			source: {
				newest: () => messagesOf(id),
				older: (before) => messagesOf(id, { before }),
				changes: (since) => changesOf(id, since),
				more: (next) => follow<ChangesPage>(next),
			},
			pause: (attempt) => sleep(systemClock, backoff(attempt, Math.random)),
			isFinal,
			onChange: () => this.#show(),
			onMessages,
		});
	}

	/** Somebody else has read up to `seq`. */
	readBy(seq: number): void {
		this.readSeq = Math.max(this.readSeq, seq);
	}

	/** Reading raises no revision: after a pause the newest page says who has read meanwhile. */
	async refreshReads(): Promise<void> {
		try {
			this.sync.adopt((await messagesOf(this.id)).results);
		} catch (error) {
			console.warn('read marks not refreshed', error);
		}
	}

	#show(): void {
		const { timeline, loaded, loadingOlder, failure } = this.sync;
		this.timeline = timeline;
		this.loaded = loaded;
		this.loadingOlder = loadingOlder;
		this.failure = failure;
		this.readSeq = readUpTo(timeline.messages, this.readSeq, this.#myId);
	}
}
