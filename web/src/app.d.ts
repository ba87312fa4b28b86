import type { Place } from '$lib/state/jump';

declare global {
	namespace App {
		interface PageState {
			/** Where somebody was in the room when they left this place in the history. */
			at?: Place;
			/** They came here from elsewhere in the same room: there is a way back. */
			jumped?: boolean;
			/** Whose profile shows over the page. */
			person?: string;
		}
	}
}
