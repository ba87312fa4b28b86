import type { Clock } from '$lib/realtime/clock';
import type { Locks } from './browser-locks';
import { isIncomplete, type Outbox, type OutboxEntry } from './outbox';

export interface OutboxTabsDeps {
	outbox: Outbox;
	user_id: string;
	locks: Locks | null;
	clock: Clock;
	/** Goes on with the files of a closed page; false where they went with it. */
	adopt(entry: OutboxEntry): Promise<boolean>;
	/** What to tell the author then. */
	lost(entry: OutboxEntry): string;
}

/** So long a tab that uploads has to take its name before another one asks for it. */
const HEAD_START_MS = 1_000;

/**
 * What the tabs of a browser settle among themselves about one outbox: which of them sends, and
 * whether a message still waits for a tab that uploads its files.
 */
export class OutboxTabs {
	#deps: OutboxTabsDeps;
	#end: () => void = () => undefined;
	#uploading = new Map<string, () => void>();
	#watched = new Set<string>();
	#stopped = false;

	constructor(deps: OutboxTabsDeps) {
		this.#deps = deps;
	}

	start(): () => void {
		const { locks, outbox, user_id } = this.#deps;
		const ended = new Promise<void>((end) => (this.#end = end));
		locks?.hold(`charla.outbox.${user_id}`, () => {
			outbox.lead();
			return ended;
		});
		this.changed(outbox.entries);
		return () => {
			this.#stopped = true;
			this.#end();
			for (const done of this.#uploading.values()) done();
		};
	}

	/** This tab uploads the files of a message, which is about to be in the outbox. */
	uploads(client_id: string): void {
		const done = this.#holds(client_id);
		this.#deps.locks?.hold(nameOf(client_id), () => done);
	}

	changed(entries: readonly OutboxEntry[]): void {
		const incomplete = entries.filter(isIncomplete);
		for (const [client_id, done] of this.#uploading) {
			if (incomplete.some((entry) => entry.client_id === client_id)) continue;
			this.#uploading.delete(client_id);
			this.#watched.delete(client_id);
			done();
		}
		for (const { client_id } of incomplete) this.#watch(client_id);
	}

	/** Once nobody has the name, nobody uploads any more. */
	#watch(client_id: string): void {
		if (this.#watched.has(client_id)) return;
		this.#watched.add(client_id);
		const { locks, clock } = this.#deps;
		clock.after(HEAD_START_MS, () => {
			if (locks) locks.hold(nameOf(client_id), () => this.#given(client_id));
			else void this.#given(client_id);
		});
	}

	async #given(client_id: string): Promise<void> {
		const { outbox, adopt, lost } = this.#deps;
		const waiting = () =>
			outbox.entries.find((one) => one.client_id === client_id && isIncomplete(one));
		this.#watched.delete(client_id);
		const entry = waiting();
		// Who has signed out leaves nothing, and writes nothing any more.
		if (this.#stopped || !entry) return;
		const done = this.#holds(client_id);
		const adopted = await adopt(entry).catch(() => false);
		if (this.#stopped) return;
		if (!adopted && waiting()) outbox.refuse(client_id, lost(entry));
		return done;
	}

	/** Until the files of a message are uploaded, or not wanted any more. */
	#holds(client_id: string): Promise<void> {
		this.#watched.add(client_id);
		return new Promise((go) => this.#uploading.set(client_id, go));
	}
}

const nameOf = (client_id: string) => `charla.upload.${client_id}`;
