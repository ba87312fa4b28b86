import { expect, it, vi } from 'vitest';
import { createSessionFetch, PATIENCE_MS, REFRESH_MS } from './session-fetch';

const origin = 'http://charla.test';

/** A server with one valid access token at a time, as far as cookies go. */
function setUp() {
	const world = {
		accessGood: false,
		refreshStatus: 200,
		calls: [] as string[],
		ended: 0,
		renewed: 0,
		/** What a refresh waits for. */
		held: null as Promise<unknown> | null,
	};
	let last: Promise<unknown> = Promise.resolve();
	const { sessionFetch, renew } = createSessionFetch({
		async fetch(request) {
			await Promise.resolve();
			const { pathname } = new URL(request.url);
			const body = request.method === 'POST' ? await request.text() : '';
			world.calls.push([request.method, pathname, body].filter(Boolean).join(' '));
			if (pathname === '/api/v1/auth/refresh/') {
				await world.held;
				world.accessGood = world.refreshStatus === 200;
				return new Response('{}', { status: world.refreshStatus });
			}
			return new Response('{}', { status: world.accessGood ? 200 : 401 });
		},
		exclusive(task) {
			const run = last.then(task, task);
			last = run.catch(() => undefined);
			return run;
		},
		language: () => 'es',
		onRenewed: () => world.renewed++,
		onEnded: () => world.ended++,
	});
	const get = (path: string) => sessionFetch(new Request(origin + path));
	return { world, get, sessionFetch, renew };
}

it('renews the token and repeats the call, body and all', async () => {
	const { world, sessionFetch } = setUp();
	const request = new Request(`${origin}/api/v1/chat/rooms/`, { method: 'POST', body: 'hello' });
	expect((await sessionFetch(request)).status).toBe(200);
	expect(world.calls).toEqual([
		'POST /api/v1/chat/rooms/ hello',
		'POST /api/v1/chat/rooms/ hello',
		'POST /api/v1/auth/refresh/',
		'POST /api/v1/chat/rooms/ hello',
	]);
});

it('renews once for many calls', async () => {
	const { world, get } = setUp();
	const answers = await Promise.all(['/a', '/b', '/c'].map(get));
	expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
	expect(world.calls.filter((call) => call.includes('refresh'))).toHaveLength(1);
});

it('uses what another tab has renewed meanwhile', async () => {
	const { world, get } = setUp();
	const answer = get('/a');
	world.accessGood = false;
	queueMicrotask(() => queueMicrotask(() => (world.accessGood = true)));
	expect((await answer).status).toBe(200);
	expect(world.calls).not.toContain('POST /api/v1/auth/refresh/');
});

it('ends the session when the refresh token is refused', async () => {
	const { world, get } = setUp();
	world.refreshStatus = 401;
	expect((await get('/a')).status).toBe(401);
	expect(world.ended).toBe(1);
});

it('keeps the session when the server is in trouble', async () => {
	const { world, get } = setUp();
	world.refreshStatus = 503;
	await expect(get('/a')).rejects.toMatchObject({ status: 503 });
	expect(world.ended).toBe(0);
});

it('takes 401 at the sign-in door for an answer', async () => {
	const { world, sessionFetch } = setUp();
	const request = new Request(`${origin}/api/v1/auth/login/`, { method: 'POST', body: '{}' });
	expect((await sessionFetch(request)).status).toBe(401);
	expect(world.calls).toHaveLength(1);
});

it('renews ahead of time, once for all that find it due', async () => {
	const { world, renew } = setUp();
	const due = () => !world.renewed;
	await Promise.all([renew(origin, due), renew(origin, due), renew(origin, due)]);
	expect(world.calls).toEqual(['POST /api/v1/auth/refresh/']);
	expect(world.renewed).toBe(1);
	expect(world.ended).toBe(0);
});

it('ends the session when it is over by the time of its renewal', async () => {
	const { world, renew } = setUp();
	world.refreshStatus = 401;
	await renew(origin, () => true);
	expect(world.ended).toBe(1);
	expect(world.renewed).toBe(0);
});

it('notes new cookies, whatever brought them', async () => {
	const { world, get, sessionFetch } = setUp();
	await get('/a');
	expect(world.renewed).toBe(1);
	await sessionFetch(new Request(`${origin}/api/v1/auth/login/`, { method: 'POST', body: '{}' }));
	expect(world.renewed).toBe(2);
	await get('/b');
	expect(world.renewed).toBe(2);
});

it('keeps nobody waiting for a refresh without an answer, begins no second one, and takes what comes late', async () => {
	vi.useFakeTimers();
	const limit = vi.spyOn(AbortSignal, 'timeout');
	const { world, get } = setUp();
	let answer: (value: unknown) => void = () => undefined;
	world.held = new Promise((go) => (answer = go));
	const calls = Promise.allSettled([get('/a'), get('/b')]);
	await vi.advanceTimersByTimeAsync(PATIENCE_MS);
	for (const call of await calls) expect(call).toMatchObject({ reason: expect.any(TypeError) });
	expect(limit).toHaveBeenCalledExactlyOnceWith(REFRESH_MS);
	const later = get('/c');
	answer(null);
	expect((await later).status).toBe(200);
	expect(world.calls.filter((call) => call.includes('refresh'))).toHaveLength(1);
	// What nobody waits for any more does not go out.
	expect(world.calls.filter((call) => call.endsWith('/b'))).toHaveLength(1);
	expect(world.ended).toBe(0);
	vi.restoreAllMocks();
	vi.useRealTimers();
});
