import type { Me } from '$lib/api/types';
import type { Clock } from '$lib/realtime/clock';
import type { RoomView } from './room-view.svelte';
import type { Rooms } from './rooms.svelte';
import { MAX_KEPT_MESSAGES, snapshot, type KeptPage } from './snapshot';
import type { Timeline } from './timeline';

/** What has changed is written this long after, all at once. */
const LAZY_MS = 2_000;

/** Writes what is live into the snapshot now and then, and begins with what is there. */
export class SnapshotKeeper {
	#me: Me;
	/** Who they are by now: names and settings change. */
	#now: () => Me;
	#rooms: Rooms;
	#clock: Clock;
	#views: ReadonlyMap<string, RoomView> = new Map();
	#written = new Map<string, Timeline>();
	#cancel: (() => void) | null = null;
	#stopped = false;

	constructor(me: Me, now: () => Me, rooms: Rooms, clock: Clock) {
		this.#me = me;
		this.#now = now;
		this.#rooms = rooms;
		this.#clock = clock;
	}

	async start(views: ReadonlyMap<string, RoomView>): Promise<void> {
		this.#views = views;
		document.addEventListener('visibilitychange', this.#hidden);
		const kept = await snapshot.account(this.#me.id);
		if (kept && !this.#stopped) this.#rooms.restore(kept.rooms);
	}

	stop(): void {
		this.#stopped = true;
		this.#cancel?.();
		document.removeEventListener('visibilitychange', this.#hidden);
	}

	async restore(view: RoomView): Promise<void> {
		const page = await snapshot.page(this.#me.id, view.id);
		if (!page || this.#stopped) return;
		view.sync.restore(page.messages, page.hasOlder, page.revision);
	}

	forget(room_id: string): void {
		this.#written.delete(room_id);
		void snapshot.forget(this.#me.id, room_id);
	}

	/** Something has changed. */
	soon(): void {
		if (this.#stopped) return;
		this.#cancel ??= this.#clock.after(LAZY_MS, () => void this.#write());
	}

	#hidden = (): void => {
		if (document.visibilityState === 'hidden') void this.#write();
	};

	async #write(): Promise<void> {
		this.#cancel?.();
		this.#cancel = null;
		if (!this.#rooms.loaded) return;
		const { id } = this.#me;
		const now = this.#now();
		const account = { id, me: now.id === id ? now : this.#me, rooms: this.#rooms.list };
		await snapshot.save(account, this.#changedPages(), () => !this.#stopped);
	}

	/** Only what ends with the newest message can be caught up later. */
	#changedPages(): KeptPage[] {
		const pages: KeptPage[] = [];
		for (const [room, { sync }] of this.#views) {
			const { timeline, fresh, revision } = sync;
			if (!fresh || timeline.hasNewer || this.#written.get(room) === timeline) continue;
			this.#written.set(room, timeline);
			const messages = timeline.messages;
			pages.push({
				account: this.#me.id,
				room,
				messages,
				hasOlder: timeline.hasOlder || messages.length > MAX_KEPT_MESSAGES,
				revision,
				kept_at: this.#clock.now(),
			});
		}
		return pages;
	}
}
