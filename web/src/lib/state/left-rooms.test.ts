import { beforeEach, expect, it, vi } from 'vitest';
import { fakeStorage } from '$lib/testing/fake-storage';
import type { Chat } from './chat.svelte';
import { followLeft } from './left-rooms';

const toasts = vi.hoisted(() => ({ show: vi.fn() }));
vi.mock('./toasts.svelte', () => ({ toasts }));
vi.mock('$app/navigation', () => ({ goto: vi.fn() }));
vi.mock('$app/paths', () => ({ resolve: (path: string) => path }));
vi.mock('$lib/i18n/i18n.svelte', () => ({ t: (key: string) => key }));

beforeEach(() => {
	vi.resetAllMocks();
	vi.stubGlobal('localStorage', fakeStorage({}));
});

/** Somebody who is in no room any more, and has this left to be sent to one. */
function chatWith(...outbox: object[]) {
	const leftTexts = new Map<string, string[]>();
	const chat = {
		me: { id: 'me' },
		rooms: { loaded: true, get: () => undefined },
		uploads: { list: [] },
		outbox: outbox.map((entry) => ({ room_id: 'board', content: 'Hello', error: null, ...entry })),
		leftTexts,
		listen: vi.fn(),
		forgetRoom: vi.fn(),
		refuse: vi.fn(),
		drop: vi.fn(),
	};
	return chat as typeof chat & Chat;
}

it('says once what was not sent to a room that was left', () => {
	const first = chatWith({ client_id: 'c1' });
	followLeft(first);
	expect(toasts.show).toHaveBeenCalledTimes(1);
	expect(first.refuse).toHaveBeenCalledWith('c1', 'message.left_room');
	// At the next start.
	followLeft(chatWith({ client_id: 'c1', status: 'failed', error: 'message.left_room' }));
	expect(toasts.show).toHaveBeenCalledTimes(1);
});

it('says it of what had failed for another reason, too', () => {
	followLeft(chatWith({ client_id: 'c1', status: 'failed', error: 'too long' }));
	expect(toasts.show).toHaveBeenCalledTimes(1);
});

it('keeps what was begun in threads at hand, and nowhere else', () => {
	localStorage.setItem('charla.thread.me.board.m1', 'As for me');
	localStorage.setItem('charla.thread.me.board.m2', 'On the other hand');
	localStorage.setItem('charla.thread.ben.board.m1', 'Not mine');
	const chat = chatWith();
	followLeft(chat);
	expect(chat.leftTexts.get('board')).toEqual(['As for me', 'On the other hand']);
	expect(Object.keys(localStorage)).toEqual(['charla.thread.ben.board.m1']);
});

it('does not say of what may have arrived that it was not sent', () => {
	const chat = chatWith({ client_id: 'c1', tried: true });
	followLeft(chat);
	expect(chat.refuse).toHaveBeenCalledWith('c1', 'message.left_room.maybe');
	expect(toasts.show.mock.calls[0]?.[0]).toBe('message.left_room.maybe');
	followLeft(chatWith({ client_id: 'c1', tried: true, error: 'message.left_room.maybe' }));
	expect(toasts.show).toHaveBeenCalledTimes(1);
	followLeft(chatWith({ client_id: 'c1', tried: true }, { client_id: 'c2', tried: false }));
	expect(toasts.show.mock.calls[1]?.[0]).toBe('message.left_room');
});
