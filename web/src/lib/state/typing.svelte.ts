import { SvelteMap } from 'svelte/reactivity';
import type { Clock } from '$lib/realtime/clock';

/** The server says `false` after 6 s of silence; a second more covers a `false` that got lost. */
const FORGET_MS = 7_000;
/** Well under the server's 6 s, and few enough not to count as a flood. */
const REPEAT_MS = 3_000;

/** Who is typing in the room on screen. */
export class TypingPeople {
	#names = new SvelteMap<string, string>();
	#timers = new Map<string, () => void>();
	#clock: Clock;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** User ids with their usernames. */
	get people(): [string, string][] {
		return [...this.#names];
	}

	set(user_id: string, username: string, is_typing: boolean): void {
		this.#timers.get(user_id)?.();
		this.#timers.delete(user_id);
		if (!is_typing) {
			this.#names.delete(user_id);
			return;
		}
		this.#names.set(user_id, username);
		this.#timers.set(
			user_id,
			this.#clock.after(FORGET_MS, () => this.set(user_id, username, false)),
		);
	}

	clear(): void {
		for (const cancel of this.#timers.values()) cancel();
		this.#timers.clear();
		this.#names.clear();
	}
}

/** Tells the others that we are typing, not with every key. */
export class TypingSignal {
	#clock: Clock;
	#say: (room_id: string, is_typing: boolean) => boolean;
	#room_id: string | null = null;
	#said = 0;

	/** `say` is false where nobody hears it; then the next key says it. */
	constructor(clock: Clock, say: (room_id: string, is_typing: boolean) => boolean) {
		this.#clock = clock;
		this.#say = say;
	}

	typed(room_id: string): void {
		const now = this.#clock.now();
		if (this.#room_id === room_id && now - this.#said < REPEAT_MS) return;
		if (this.#room_id !== room_id) this.stop();
		if (!this.#say(room_id, true)) return;
		this.#room_id = room_id;
		this.#said = now;
	}

	stop(): void {
		if (this.#room_id) this.#say(this.#room_id, false);
		this.#room_id = null;
	}
}
