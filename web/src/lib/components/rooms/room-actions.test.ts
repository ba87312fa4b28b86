import { beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '$lib/api/errors';
import { updatePreferences } from '$lib/api/rooms';
import type { Chat } from '$lib/state/chat.svelte';
import { Rooms } from '$lib/state/rooms.svelte';
import { room } from '$lib/testing/messages';
import { choose } from './room-actions';

vi.mock('$lib/api/rooms', () => ({ updatePreferences: vi.fn() }));

const until = '2026-03-10T12:00:00.000Z';
let refuse: (error: Error) => void;
let chat: Chat;
const held = () => chat.rooms.get('a');

beforeEach(() => {
	const rooms = new Rooms(
		'ana',
		() => undefined,
		() => undefined,
	);
	rooms.put(room('a', { pinned: false, muted_until: null }));
	chat = { rooms } as Chat;
	vi.mocked(updatePreferences).mockImplementationOnce(
		() => new Promise((_, reject) => (refuse = reject)),
	);
});

it('takes back what was refused, and nothing that was chosen beside it', async () => {
	const pinning = choose(chat, room('a'), { pinned: true });
	await choose(chat, room('a'), { muted_until: until });
	refuse(new ApiError(409, { detail: 'no' }));
	await pinning;
	expect(held()).toMatchObject({ pinned: false, muted_until: until });
});

it('leaves what has been chosen otherwise meanwhile', async () => {
	const before = choose(chat, room('a', { notify: 'all' }), { notify: 'mentions' });
	await choose(chat, room('a'), { notify: 'nothing' });
	refuse(new ApiError(409, { detail: 'no' }));
	await before;
	expect(held()).toMatchObject({ notify: 'nothing' });
});
