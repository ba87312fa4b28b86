import { beforeEach, expect, it, vi } from 'vitest';
import type { Me } from '$lib/api/types';
import { settled } from '$lib/testing/fake-clock';
import { fakeStorage } from '$lib/testing/fake-storage';

const people = vi.hoisted(() => ({ getMe: vi.fn(), getMyStatus: vi.fn() }));
const accounts = vi.hoisted(() => ({ logIn: vi.fn(), logOut: vi.fn(), deleteAccount: vi.fn() }));
vi.mock('$lib/api/people', () => people);
vi.mock('$lib/api/accounts', () => accounts);
vi.mock('$lib/api/client', () => ({ sessionEnd: {}, accountHeld: {} }));
vi.mock('$lib/i18n/i18n.svelte', () => ({ i18n: { suggest: () => Promise.resolve() } }));
vi.mock('./snapshot', () => ({
	snapshot: { account: () => Promise.resolve(null), forget: () => Promise.resolve() },
}));

const ana = { id: 'ana', email_verified: true } as Me;
const ben = { id: 'ben', email_verified: true } as Me;

beforeEach(() => {
	vi.resetModules();
	vi.resetAllMocks();
	vi.stubGlobal('localStorage', fakeStorage({ 'charla.user': 'ana' }));
	vi.stubGlobal('addEventListener', () => undefined);
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

it('stays signed out where the answer who it is comes after the sign-out', async () => {
	const session = await load();
	const answer = held(people.getMe);
	const loading = session.load();
	await settled();
	await session.signOut();
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
	await session.signIn('ben', 'secret');
	answer.reject(new ApiError(401, {}));
	await loading;
	expect(session.me?.id).toBe('ben');
	expect(localStorage.getItem('charla.user')).toBe('ben');
});
