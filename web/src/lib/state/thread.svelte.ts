import type { Message } from '$lib/api/types';
import type { ServerEvent } from '$lib/realtime/protocol';
import { renamePerson } from './rename-person';
import { later } from './timeline';

export interface ThreadSource {
	root(): Promise<Message>;
	replies(): Promise<Message[]>;
}

/** A message and all that answers it. */
export class Thread {
	readonly id: string;
	root = $state.raw<Message | null>(null);
	replies = $state.raw<readonly Message[]>([]);
	loaded = $state(false);
	failure = $state.raw<unknown>(null);
	#source: ThreadSource;

	constructor(id: string, source: ThreadSource) {
		this.id = id;
		this.#source = source;
	}

	/** What came by events while the answers were on their way stays where it is later. */
	async load(): Promise<void> {
		try {
			const [root, replies] = await Promise.all([this.#source.root(), this.#source.replies()]);
			this.root = later(this.root ?? undefined, root);
			this.#take(replies);
			this.failure = null;
			this.loaded = true;
		} catch (failure) {
			this.failure = failure;
		}
	}

	receive(event: ServerEvent): void {
		switch (event.type) {
			case 'message':
			case 'message_edited':
			case 'message_deleted':
			case 'reaction':
				return this.adopt(event.data);
			case 'profile_updated':
				this.root = renamePerson(this.root, event.data);
				this.replies = this.replies.map((reply) => renamePerson(reply, event.data));
				return;
			case 'hello':
			case 'resync':
				return void this.load();
		}
	}

	adopt(message: Message): void {
		if (message.id === this.id) this.root = later(this.root ?? undefined, message);
		// A deleted message has nothing that it answers any more.
		else if (message.reply_to?.id === this.id || this.#holds(message)) this.#take([message]);
	}

	#holds({ id }: Message): boolean {
		return this.replies.some((reply) => reply.id === id);
	}

	#take(messages: readonly Message[]): void {
		const byId = new Map(this.replies.map((reply) => [reply.id, reply]));
		for (const message of messages) byId.set(message.id, later(byId.get(message.id), message));
		this.replies = [...byId.values()]
			.filter(({ is_deleted }) => !is_deleted)
			.sort((a, b) => a.seq - b.seq);
	}
}
