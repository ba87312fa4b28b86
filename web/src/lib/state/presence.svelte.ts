import { SvelteMap } from 'svelte/reactivity';

export interface PresenceState {
	is_online: boolean;
	last_seen: string | null;
}

/** Somebody with their presence, as `online-status/` lists them. */
export type Listed = PresenceState & { user: { id: string } };

/** Who is there, as far as the server lets us see: of everybody else nothing is known. */
export class Presence {
	#people = new SvelteMap<string, PresenceState>();
	#list: () => Promise<readonly Listed[]>;
	#loading: Promise<void> | null = null;
	#wanted = false;
	/** Whom an event told of while an answer was on its way: the event is later. */
	#told = new Set<string>();

	constructor(list: () => Promise<readonly Listed[]>) {
		this.#list = list;
	}

	of(user_id: string): PresenceState | undefined {
		return this.#people.get(user_id);
	}

	/** Asks; and once more where the answer on its way may be from before what made us ask. */
	load(): Promise<void> {
		this.#wanted = true;
		this.#loading ??= this.#fetch().finally(() => (this.#loading = null));
		return this.#loading;
	}

	/** From a search: it says "offline, never seen" of people whose presence we may not see. */
	learn(users: readonly (PresenceState & { id: string })[]): void {
		for (const { id, is_online, last_seen } of users) this.#put(id, { is_online, last_seen });
	}

	/** From an event. */
	set(user_id: string, state: PresenceState): void {
		this.#told.add(user_id);
		this.#put(user_id, state);
	}

	/** Without a connection nobody's presence is known. */
	clear(): void {
		this.#people.clear();
	}

	async #fetch(): Promise<void> {
		while (this.#wanted) {
			this.#wanted = false;
			this.#told.clear();
			for (const { user, is_online, last_seen } of await this.#list()) {
				if (!this.#told.has(user.id)) this.#put(user.id, { is_online, last_seen });
			}
		}
	}

	#put(user_id: string, state: PresenceState): void {
		if (state.is_online || state.last_seen) this.#people.set(user_id, state);
		else this.#people.delete(user_id);
	}
}
