declare global {
	namespace App {
		interface PageState {
			/** Whose profile shows over the page. */
			person?: string;
		}
	}
}

export {};
