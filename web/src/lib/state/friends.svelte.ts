import type { FriendRequest, Sender, User } from '$lib/api/types';
import type { ServerEvent } from '$lib/realtime/protocol';

export interface FriendsApi {
	listFriends(): Promise<User[]>;
	listRequests(direction: 'incoming' | 'outgoing'): Promise<FriendRequest[]>;
}

/** Friends, and the requests that wait for an answer: kept up to date by events. */
export class FriendsState {
	/** By the name they are shown under. */
	list = $state.raw<readonly User[]>([]);
	/** The newest first. */
	incoming = $state.raw<readonly FriendRequest[]>([]);
	outgoing = $state.raw<readonly FriendRequest[]>([]);
	loaded = $state(false);
	failed = $state(false);

	#api: FriendsApi;
	#myId: string | null = null;
	#loading: Promise<void> | null = null;
	/** Something has happened since the lists on their way were asked for. */
	#stale = false;

	constructor(api: FriendsApi, listen: (handler: (event: ServerEvent) => void) => () => void) {
		this.#api = api;
		listen((event) => this.#receive(event));
	}

	isFriend(id: string): boolean {
		return this.list.some((user) => user.id === id);
	}

	/** The request that somebody waits to have answered. */
	requestFrom(id: string): FriendRequest | undefined {
		return this.incoming.find(({ sender }) => sender.id === id);
	}

	requestTo(id: string): FriendRequest | undefined {
		return this.outgoing.find(({ receiver }) => receiver.id === id);
	}

	/** Asks for all; and once more where the answers on their way may be from before. */
	load(): Promise<void> {
		this.#stale = true;
		this.#loading ??= this.#fetch().finally(() => (this.#loading = null));
		return this.#loading;
	}

	/** What we did ourselves, told by the answer: the event that says the same may come later. */
	requested(request: FriendRequest): void {
		this.#stale = true;
		this.outgoing = [request, ...this.outgoing.filter(({ id }) => id !== request.id)];
	}

	/** Somebody as they now stand to us. */
	put(user: User): void {
		this.#stale = true;
		const others = this.list.filter(({ id }) => id !== user.id);
		this.list = user.friendship === 'friends' ? byName([...others, user]) : others;
		if (user.friendship !== 'incoming') {
			this.incoming = this.incoming.filter(({ sender }) => sender.id !== user.id);
		}
		if (user.friendship !== 'outgoing') {
			this.outgoing = this.outgoing.filter(({ receiver }) => receiver.id !== user.id);
		}
	}

	/** A request no longer waits. */
	answered(request_id: string): void {
		this.#stale = true;
		this.incoming = this.incoming.filter(({ id }) => id !== request_id);
		this.outgoing = this.outgoing.filter(({ id }) => id !== request_id);
	}

	/** There is nothing any more between us and somebody. */
	removed(user_id: string): void {
		this.#stale = true;
		this.list = this.list.filter(({ id }) => id !== user_id);
		this.incoming = this.incoming.filter(({ sender }) => sender.id !== user_id);
		this.outgoing = this.outgoing.filter(({ receiver }) => receiver.id !== user_id);
	}

	async #fetch(): Promise<void> {
		try {
			while (this.#stale) {
				this.#stale = false;
				const [list, incoming, outgoing] = await Promise.all([
					this.#api.listFriends(),
					this.#api.listRequests('incoming'),
					this.#api.listRequests('outgoing'),
				]);
				if (this.#stale) continue;
				this.list = byName(list);
				this.incoming = incoming;
				this.outgoing = outgoing;
				this.loaded = true;
			}
			this.failed = false;
		} catch {
			this.failed = true;
		}
	}

	#receive(event: ServerEvent): void {
		switch (event.type) {
			case 'hello':
				this.#myId = event.data.user.id;
				return void this.load();
			case 'resync':
				return void this.load();
			case 'friend_request':
				return this.#asked(event.data);
			case 'friendship':
				return this.put(event.data);
			case 'profile_updated':
				return this.#renamed(event.data);
		}
	}

	#asked(request: FriendRequest): void {
		if (request.sender.id === this.#myId) return this.requested(request);
		this.#stale = true;
		this.incoming = [request, ...this.incoming.filter(({ id }) => id !== request.id)];
	}

	#renamed(profile: Sender): void {
		this.list = byName(
			this.list.map((user) => (user.id === profile.id ? { ...user, ...profile } : user)),
		);
		const sender = (request: FriendRequest) =>
			request.sender.id === profile.id ? { ...request, sender: profile } : request;
		const receiver = (request: FriendRequest) =>
			request.receiver.id === profile.id ? { ...request, receiver: profile } : request;
		this.incoming = this.incoming.map(sender);
		this.outgoing = this.outgoing.map(receiver);
	}
}

function byName(users: readonly User[]): User[] {
	const name = (user: User) => user.display_name || user.username;
	return [...users].sort((a, b) => name(a).localeCompare(name(b)));
}
