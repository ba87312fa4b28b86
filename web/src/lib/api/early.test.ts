import { beforeEach, expect, it, vi } from 'vitest';
import { fetchOrTake } from './early';

const LATE_MS = 60_000;
const rooms = 'http://localhost/api/v1/chat/rooms/?limit=200';
const ask = async (url: string, init?: RequestInit) =>
	(await fetchOrTake(new Request(url, init))).text();

function early(answer: Promise<Response>) {
	answer.catch(() => undefined);
	vi.stubGlobal('charlaEarly', new Map([['/api/v1/chat/rooms/?limit=200', answer]]));
}

beforeEach(() => {
	vi.restoreAllMocks();
	vi.stubGlobal('fetch', () => Promise.resolve(new Response('asked')));
	vi.spyOn(performance, 'now').mockReturnValue(500);
});

it('hands over what was asked for ahead, once, and asks for all else', async () => {
	early(Promise.resolve(new Response('early')));
	expect(await ask('http://localhost/api/v1/chat/rooms/')).toBe('asked');
	expect(await ask(rooms, { method: 'POST' })).toBe('asked');
	expect(await ask(rooms)).toBe('early');
	expect(await ask(rooms)).toBe('asked');
});

it('asks itself where that failed, or is old', async () => {
	early(Promise.reject(new TypeError('Failed to fetch')));
	expect(await ask(rooms)).toBe('asked');
	early(Promise.resolve(new Response('early')));
	vi.mocked(performance.now).mockReturnValue(LATE_MS);
	expect(await ask(rooms)).toBe('asked');
});
