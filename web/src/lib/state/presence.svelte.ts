import { SvelteMap } from 'svelte/reactivity';
import { onlineStatus } from '$lib/api/people';
import type { User } from '$lib/api/types';

export interface PresenceState {
	is_online: boolean;
	last_seen: string | null;
}

/** Who is there, as far as the server lets us see. */
export class Presence {
	#people = new SvelteMap<string, PresenceState>();

	of(user_id: string): PresenceState | undefined {
		return this.#people.get(user_id);
	}

	async load(): Promise<void> {
		for (const { user, is_online, last_seen } of await onlineStatus()) {
			this.set(user.id, { is_online, last_seen });
		}
	}

	learn(users: readonly User[]): void {
		for (const { id, is_online, last_seen } of users) this.set(id, { is_online, last_seen });
	}

	set(user_id: string, state: PresenceState): void {
		this.#people.set(user_id, state);
	}
}
