import { beforeEach, expect, it, vi } from 'vitest';
import type { Me } from '$lib/api/types';
import { settled } from '$lib/testing/fake-clock';
import { fakeStorage } from '$lib/testing/fake-storage';

const people = vi.hoisted(() => ({ getMe: vi.fn(), getMyStatus: vi.fn() }));
const accounts = vi.hoisted(() => ({ logIn: vi.fn(), logOut: vi.fn(), deleteAccount: vi.fn() }));
const api = vi.hoisted(() => {
	const listener: (demand: string) => void = () => undefined;
	return { held: { listener } };
});
vi.mock('$lib/api/people', () => people);
vi.mock('$lib/api/accounts', () => accounts);
vi.mock('$lib/api/client', () => ({ sessionEnd: {}, accountHeld: api.held, demands: [] }));
vi.mock('$lib/i18n/i18n.svelte', () => ({ i18n: { suggest: () => Promise.resolve() } }));
vi.mock('./snapshot', () => ({
	snapshot: { account: () => Promise.resolve(null), forget: () => Promise.resolve() },
}));

const ana = { id: 'ana', email_verified: true } as Me;
const ben = { id: 'ben', email_verified: true } as Me;

let online: () => void = () => undefined;

beforeEach(() => {
	vi.resetModules();
	vi.resetAllMocks();
	vi.stubGlobal('localStorage', fakeStorage({ 'charla.user': 'ana' }));
	vi.stubGlobal('addEventListener', (type: string, run: () => void) => {
		if (type === 'online') online = run;
	});
	vi.stubGlobal('navigator', {});
});

/** A call that is answered when the test says so. */
function held(call: ReturnType<typeof vi.fn>) {
	let resolve: (me: Me) => void = () => undefined;
	let reject: (error: unknown) => void = () => undefined;
	call.mockReturnValueOnce(
		new Promise<Me>((give, fail) => {
			resolve = give;
			reject = fail;
		}),
	);
	return { resolve, reject };
}

const load = async () => (await import('./session.svelte')).session;
const signOut = async () => (await import('./leaving')).signOut();

it('stays signed out where the answer who it is comes after the sign-out', async () => {
	const session = await load();
	const answer = held(people.getMe);
	const loading = session.load();
	await settled();
	await signOut();
	answer.resolve(ana);
	await loading;
	expect(session.status).toBe('out');
	expect(session.me).toBeNull();
	expect(localStorage.getItem('charla.user')).toBeNull();
});

it('keeps who has signed in where an answer from before comes late', async () => {
	const { ApiError } = await import('$lib/api/errors');
	const session = await load();
	const answer = held(people.getMe);
	const loading = session.load();
	await settled();
	accounts.logIn.mockResolvedValueOnce(ben);
	await session.enter(accounts.logIn);
	answer.reject(new ApiError(401, {}));
	await loading;
	expect(session.me?.id).toBe('ben');
	expect(localStorage.getItem('charla.user')).toBe('ben');
});

it('signs out here where the server cannot be told, and tells it later', async () => {
	const session = await load();
	people.getMe.mockResolvedValue(ana);
	await session.load();
	localStorage.setItem('charla.draft.ana.garden', 'Text');
	accounts.logOut.mockRejectedValueOnce(new TypeError('Failed to fetch'));
	const again = held(accounts.logOut);
	await signOut();
	expect(session.status).toBe('out');
	await vi.waitFor(() => expect(session.farewell).toBe('owed'));
	expect(Object.keys(localStorage)).toEqual(['charla.farewell']);
	await settled();
	online();
	await vi.waitFor(() => expect(accounts.logOut).toHaveBeenCalledTimes(2));
	again.resolve(ana);
	await vi.waitFor(() => expect(session.farewell).toBe('said'));
	await vi.waitFor(() => expect(Object.keys(localStorage)).toEqual([]));
});

it('tells it before somebody else signs in', async () => {
	localStorage.removeItem('charla.user');
	localStorage.setItem('charla.farewell', '1');
	const { ApiError } = await import('$lib/api/errors');
	// Its own attempt hangs behind a server that is away.
	accounts.logOut.mockRejectedValueOnce(new TypeError('Failed to fetch'));
	const session = await load();
	await vi.waitFor(() => expect(accounts.logOut).toHaveBeenCalledTimes(1));
	accounts.logOut.mockRejectedValueOnce(new ApiError(401, {}));
	accounts.logIn.mockResolvedValueOnce(ben);
	await session.enter(accounts.logIn);
	expect(accounts.logOut.mock.invocationCallOrder[1]).toBeLessThan(
		accounts.logIn.mock.invocationCallOrder[0] ?? 0,
	);
	expect(session.me?.id).toBe('ben');
	expect(session.farewell).toBeNull();
	expect(localStorage.getItem('charla.farewell')).toBeNull();
});

it('does not sign out where the server says no', async () => {
	const { ApiError } = await import('$lib/api/errors');
	const session = await load();
	people.getMe.mockResolvedValue(ana);
	await session.load();
	accounts.logOut.mockRejectedValueOnce(new ApiError(429, {}));
	await expect(signOut()).rejects.toMatchObject({ status: 429 });
	expect(session.me?.id).toBe('ana');
});

it('asks nothing for a socket that ends before the sign-out is answered', async () => {
	const session = await load();
	people.getMe.mockResolvedValue(ana);
	await session.load();
	const answer = held(accounts.logOut);
	const leaving = signOut();
	await vi.waitFor(() => expect(accounts.logOut).toHaveBeenCalled());
	expect(await session.probe(new AbortController().signal)).toBe('unreachable');
	expect(people.getMyStatus).not.toHaveBeenCalled();
	answer.resolve(ana);
	await leaving;
	expect(session.status).toBe('out');
});

it('names the address that is to be verified, whichever call was told so', async () => {
	const session = await load();
	people.getMe.mockResolvedValueOnce({ ...ana, email: 'ana@example.org' });
	await session.load();
	const waiting = { ...ana, email: 'ana@example.com', email_verified: false };
	people.getMe.mockResolvedValueOnce(waiting);
	api.held.listener('email_not_verified');
	api.held.listener('email_not_verified');
	expect(session.held).toBe('email_not_verified');
	await vi.waitFor(() => expect(session.me?.email).toBe('ana@example.com'));
	expect(session.held).toBe('email_not_verified');
	expect(people.getMe).toHaveBeenCalledTimes(2);
});
