import { logIn, logOut, register, setUp, type Registration } from '$lib/api/accounts';
import { sessionEnd } from '$lib/api/client';
import { ApiError } from '$lib/api/errors';
import { getMe } from '$lib/api/people';
import type { Me } from '$lib/api/types';
import { i18n } from '$lib/i18n/i18n.svelte';
import { forgetDrafts } from './drafts.svelte';

export type SessionStatus = 'unknown' | 'in' | 'out' | 'unreachable';

/** Names whose cookies this browser has, so that all of its tabs know. */
const STORED = 'charla.user';

/** Who is signed in in this browser. */
class Session {
	me = $state.raw<Me | null>(null);
	status = $state<SessionStatus>('unknown');
	/** The session ended without being asked to; the sign-in page says so. */
	ended = $state(false);
	/** What is still to be done in somebody's name before they sign out. */
	lastThings: () => Promise<void> = () => Promise.resolve();
	/** Signing out ends what is still being loaded, too: that is no surprise. */
	#leaving = false;

	constructor() {
		sessionEnd.listener = () => this.#end();
		// The cookies are the browser's: another tab that signs in or out does it for this one too.
		addEventListener('storage', ({ key, newValue }) => {
			if (key === STORED && newValue !== (this.me?.id ?? null)) void this.load();
		});
	}

	async load(): Promise<void> {
		// Nobody has signed in here: the server would only refuse.
		if (!localStorage.getItem(STORED)) return this.#leave();
		try {
			this.#begin(await getMe());
		} catch (error) {
			const refused = error instanceof ApiError && error.status === 401;
			this.status = refused ? 'out' : 'unreachable';
		}
	}

	/** For the socket, which cannot see why it was refused. */
	async probe(): Promise<'alive' | 'ended' | 'unreachable'> {
		try {
			await getMe();
			return 'alive';
		} catch (error) {
			return error instanceof ApiError && error.status === 401 ? 'ended' : 'unreachable';
		}
	}

	async signIn(username: string, password: string): Promise<void> {
		this.#begin(await logIn(username, password));
	}

	async signUp(registration: Registration): Promise<void> {
		this.#begin(await register(registration));
	}

	async setUp(token: string, registration: Registration): Promise<void> {
		this.#begin(await setUp(token, registration));
	}

	async signOut(): Promise<void> {
		const me = this.me;
		this.#leaving = true;
		await this.lastThings();
		try {
			await logOut();
		} catch (error) {
			// A session that is over already is what was wanted.
			if (!(error instanceof ApiError && error.status === 401)) throw error;
		} finally {
			this.#leaving = false;
		}
		if (me) forgetDrafts(localStorage, me.id);
		this.#leave();
	}

	#begin(me: Me): void {
		localStorage.setItem(STORED, me.id);
		this.me = me;
		this.ended = false;
		this.status = 'in';
		void i18n.suggest(me.language);
	}

	#end(): void {
		this.ended = this.status === 'in' && !this.#leaving;
		this.#leave();
	}

	#leave(): void {
		localStorage.removeItem(STORED);
		this.me = null;
		this.status = 'out';
	}
}

export const session = new Session();
