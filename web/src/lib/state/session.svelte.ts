import { accountHeld, demands, sessionEnd, type Demand } from '$lib/api/client';
import { ApiError } from '$lib/api/errors';
import { getMe, getMyStatus } from '$lib/api/people';
import type { Me, Sender } from '$lib/api/types';
import { i18n } from '$lib/i18n/i18n.svelte';
import { remember } from './remember';
import type { KeptAccount } from './snapshot';

export type SessionStatus = 'unknown' | 'in' | 'out' | 'unreachable';

/** Names whose cookies this browser has, so that all of its tabs know. */
const STORED = 'charla.user';

/** A sign-out that the server has yet to be told of (`leaving.ts`). */
export const OWED = 'charla.farewell';

/** Who is signed in in this browser. */
class Session {
	me = $state.raw<Me | null>(null);
	status = $state<SessionStatus>('unknown');
	/** The session ended without being asked to; the sign-in page says so. */
	ended = $state(false);
	/** They left of their own will, here or in another tab: who comes next is led to nothing of theirs. */
	left = $state(false);
	/** The sign-out in this browser that the server does not know of yet, or has been told of since. */
	farewell = $state<'owed' | 'said' | null>(null);
	/** The account was deleted in this window; the sign-in page says so. */
	deleted = $state(false);
	/** What the server asks of the account before it lets it do anything. */
	held = $state<Demand | null>(null);
	/** What is still to be done in somebody's name before they sign out. */
	lastThings: () => Promise<void> = () => Promise.resolve();
	/** Signing out ends what is still being loaded, too: that is no surprise. */
	#leaving = false;
	/** Goes up with each sign-in, sign-out and question who it is: an answer from before is none. */
	#turn = 0;

	constructor() {
		if (localStorage.getItem(OWED)) void import('./leaving').then(({ keepSaying }) => keepSaying());
		sessionEnd.listener = () => this.#end();
		accountHeld.listener = (demand) => this.#hold(demand);
		// The cookies are the browser's: another tab that signs in or out does it for this one too.
		addEventListener('storage', ({ key, newValue }) => {
			if (key === OWED) this.farewell = newValue ? 'owed' : 'said';
			if (key === STORED && newValue !== (this.me?.id ?? null)) void this.load();
		});
	}

	async load(): Promise<void> {
		// Nobody has signed in here: the server would only refuse.
		const stored = localStorage.getItem(STORED);
		if (!stored) return this.#leave();
		const turn = ++this.#turn;
		const asked = getMe();
		// What this device has kept of them shows until the server answers.
		asked.catch(() => undefined);
		const kept = this.me?.id === stored ? null : await keptOf(stored);
		if (turn !== this.#turn) return;
		if (kept) this.#show(kept.me);
		try {
			const me = await asked;
			if (turn === this.#turn) this.#show(me);
		} catch (error) {
			if (turn !== this.#turn) return;
			const refused = error instanceof ApiError && error.status === 401;
			if (refused) this.#leave();
			else if (!this.me) this.status = 'unreachable';
		}
	}

	/** For the socket, which cannot see why it was refused. */
	async probe(signal: AbortSignal): Promise<'alive' | 'ended' | 'unreachable'> {
		// The server may end the socket before it answers.
		if (this.#leaving) return 'unreachable';
		try {
			await getMyStatus(signal);
			return 'alive';
		} catch (error) {
			if (!(error instanceof ApiError)) return 'unreachable';
			const held = demands.some((code) => code === error.code);
			return error.status === 401 || held ? 'ended' : 'unreachable';
		}
	}

	/** Somebody comes in by `call`. */
	async enter(call: () => Promise<Me>): Promise<void> {
		// The cookies are somebody else's still.
		if (localStorage.getItem(OWED)) await (await import('./leaving')).sayFarewell();
		this.#begin(await call());
	}

	/** Ends the session by `end`: see `leaving.ts`. */
	async leave(end: () => Promise<unknown>): Promise<void> {
		this.#leaving = true;
		try {
			await end();
		} finally {
			this.#leaving = false;
		}
		this.#leave();
	}

	/** The account as it stands after a change. */
	update(me: Me): void {
		if (me.id !== this.me?.id) return;
		this.me = me;
		const met = this.held === 'email_not_verified' ? me.email_verified : me.two_factor;
		if (met) this.held = null;
	}

	/** The same, as far as others are told. */
	profileUpdated(profile: Sender): void {
		if (this.me?.id === profile.id) this.me = { ...this.me, ...profile };
	}

	/** Looks whether the account has changed elsewhere: its address may be verified in another window. */
	async refresh(): Promise<void> {
		this.update(await getMe());
	}

	/** Whichever call was told so; the address that waits may have been put in elsewhere. */
	#hold(demand: Demand): void {
		if (this.held === demand) return;
		this.held = demand;
		this.refresh().catch((error: unknown) => console.warn('account not read again', error));
	}

	#begin(me: Me): void {
		this.#turn++;
		this.#show(me);
	}

	#show(me: Me): void {
		remember(localStorage, STORED, me.id);
		this.me = me;
		this.ended = this.deleted = this.left = false;
		this.held = null;
		this.farewell = null;
		this.status = 'in';
		void i18n.suggest(me.language);
	}

	#end(): void {
		this.ended = this.status !== 'out' && !this.#leaving;
		this.#leave();
	}

	#leave(): void {
		this.#turn++;
		if (this.status === 'in') this.left = !this.ended;
		const id = this.me?.id ?? localStorage.getItem(STORED);
		localStorage.removeItem(STORED);
		if (id) void forgetKept(id);
		this.me = null;
		this.status = 'out';
	}
}

/** Who has not signed in has nothing kept: their pages do without the code for it. */
const keeper = async () => (await import('./snapshot')).snapshot;

async function keptOf(id: string): Promise<KeptAccount | null> {
	try {
		return await (await keeper()).account(id);
	} catch (error) {
		console.warn('nothing read from the snapshot', error);
		return null;
	}
}

/** All but what was never sent; who signs out leaves not even that (`leaving.ts`). */
async function forgetKept(id: string): Promise<void> {
	try {
		(await import('./forget-account')).forgetAllButUnsent(localStorage, id);
		await (await keeper()).forget(id);
	} catch (error) {
		console.warn('snapshot not forgotten', error);
	}
}

export const session = new Session();
