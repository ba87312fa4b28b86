import { beforeEach, describe, expect, it } from 'vitest';
import type { FriendRequest, Friendship, User } from '$lib/api/types';
import type { ServerEvent } from '$lib/realtime/protocol';
import { FriendsState } from './friends.svelte';

const summary = (id: string) => ({
	id,
	username: id,
	display_name: id,
	avatar_url: null,
	is_bot: false,
});
const user = (id: string, friendship: Friendship): User => ({
	...summary(id),
	bio: '',
	is_online: false,
	last_seen: null,
	friendship,
});
const request = (sender: string, receiver: string): FriendRequest => ({
	id: `${sender}-${receiver}`,
	sender: summary(sender),
	receiver: summary(receiver),
	created_at: '2026-03-10T12:00:00.000Z',
});
const ids = (users: readonly { id: string }[]) => users.map(({ id }) => id);

let tell: (event: ServerEvent) => void;
let answers: { friends: User[]; incoming: FriendRequest[]; outgoing: FriendRequest[] };
let state: FriendsState;
let asked: number;

beforeEach(() => {
	asked = 0;
	answers = { friends: [], incoming: [], outgoing: [] };
	const api = {
		listFriends: async () => {
			asked++;
			return answers.friends;
		},
		listRequests: async (direction: 'incoming' | 'outgoing') => answers[direction],
	};
	state = new FriendsState(api, (handler) => {
		tell = handler;
		return () => undefined;
	});
});

const hello = () =>
	tell({
		type: 'hello',
		data: { user: summary('me'), server_time: '', heartbeat_s: 30, rooms: [] },
	});

describe('friends', () => {
	it('are fetched on every hello, and stand by name', async () => {
		answers.friends = [user('zoe', 'friends'), user('ana', 'friends')];
		answers.incoming = [request('ben', 'me')];
		hello();
		await state.load();
		expect(ids(state.list)).toEqual(['ana', 'zoe']);
		expect(state.requestFrom('ben')?.id).toBe('ben-me');
		expect(state.loaded).toBe(true);
	});

	it('asks again where something happened while the answer was on its way', async () => {
		hello();
		tell({ type: 'friendship', data: user('ana', 'friends') });
		answers.friends = [user('ana', 'friends')];
		await state.load();
		expect(asked).toBe(2);
		expect(ids(state.list)).toEqual(['ana']);
	});

	it('sorts requests by who asked', async () => {
		hello();
		await state.load();
		tell({ type: 'friend_request', data: request('ben', 'me') });
		tell({ type: 'friend_request', data: request('me', 'cora') });
		tell({ type: 'friend_request', data: request('me', 'cora') });
		expect(ids(state.incoming)).toEqual(['ben-me']);
		expect(ids(state.outgoing)).toEqual(['me-cora']);
	});

	it('ends what waited between two when they are friends, or nothing, to each other', async () => {
		hello();
		await state.load();
		tell({ type: 'friend_request', data: request('ben', 'me') });
		tell({ type: 'friend_request', data: request('me', 'cora') });
		tell({ type: 'friendship', data: user('ben', 'friends') });
		tell({ type: 'friendship', data: user('cora', 'none') });
		expect(ids(state.list)).toEqual(['ben']);
		expect(state.incoming).toEqual([]);
		expect(state.outgoing).toEqual([]);
		tell({ type: 'friendship', data: user('ben', 'none') });
		expect(state.list).toEqual([]);
	});

	it('takes over new names', async () => {
		answers.friends = [user('ana', 'friends')];
		hello();
		await state.load();
		tell({ type: 'profile_updated', data: { ...summary('ana'), display_name: 'Ana Ruiz' } });
		expect(state.list[0]?.display_name).toBe('Ana Ruiz');
		expect(state.isFriend('ana')).toBe(true);
	});

	it('says that they could not be fetched, and can be asked again', async () => {
		const failing = new FriendsState(
			{ listFriends: () => Promise.reject(new TypeError()), listRequests: async () => [] },
			() => () => undefined,
		);
		await failing.load();
		expect(failing.failed).toBe(true);
		expect(failing.loaded).toBe(false);
	});
});
