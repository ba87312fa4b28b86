import { deleteAccount as remove, logOut } from '$lib/api/accounts';
import { ApiError } from '$lib/api/errors';
import { browserExclusive } from '$lib/api/session-fetch';
import { sleep, systemClock } from '$lib/realtime/clock';
import { tick } from 'svelte';
import { forgetAccount } from './forget-account';
import { remember } from './remember';
import { OWED, session } from './session.svelte';

/** So long what is to be done before a sign-out may take. */
const LAST_MS = 3_000;
const AGAIN_MS = 15_000;

const exclusive = browserExclusive();

/** Ends the session; here at once, also where the server cannot be told before it is back. */
export async function signOut(): Promise<void> {
	await leave(async () => {
		try {
			await Promise.race([session.lastThings(), sleep(systemClock, LAST_MS)]);
			await logOut();
		} catch (error) {
			const told = error instanceof ApiError && error.status < 500;
			if (!told) remember(localStorage, OWED, '1');
			// A session that is over already is what was wanted.
			else if (error.status !== 401) throw error;
		}
	});
	void keepSaying();
}

/** Deletes the account, and with it all that this browser keeps of it. */
export async function deleteAccount(password: string): Promise<void> {
	await leave(() => remove(password));
	session.deleted = true;
}

async function leave(end: () => Promise<unknown>): Promise<void> {
	const id = session.me?.id;
	await session.leave(end);
	// The page may write a last thing as it goes.
	await tick();
	if (!id) return;
	forgetAccount(localStorage, id);
	try {
		await (await import('./kept-files')).keptFiles.forget(id);
	} catch (error) {
		console.warn('files not forgotten', error);
	}
}

/** Tells the server of a sign-out that it has missed, before anybody else signs in. */
export function sayFarewell(): Promise<void> {
	return exclusive(async () => {
		if (!localStorage.getItem(OWED)) return;
		try {
			await logOut();
		} catch (error) {
			// The session is over already, or its account is.
			if (!(error instanceof ApiError && [401, 403].includes(error.status))) throw error;
		}
		localStorage.removeItem(OWED);
	});
}

/** The same, as often as it takes. */
export async function keepSaying(): Promise<void> {
	if (!localStorage.getItem(OWED)) return;
	session.farewell = 'owed';
	while (localStorage.getItem(OWED)) {
		try {
			await sayFarewell();
		} catch (error) {
			console.warn('the server does not know of the sign-out yet', error);
			const online = new Promise((go) => addEventListener('online', go, { once: true }));
			await Promise.race([online, sleep(systemClock, AGAIN_MS)]);
		}
	}
	// Unless somebody has come in since.
	session.farewell &&= 'said';
}
