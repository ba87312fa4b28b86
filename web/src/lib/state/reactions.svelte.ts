import { SvelteMap } from 'svelte/reactivity';
import { ApiError } from '$lib/api/errors';
import type { Message } from '$lib/api/types';
import type { Action, ServerEvent } from '$lib/realtime/protocol';

/** One emoji under a message, as it is shown. */
export interface Chip {
	emoji: string;
	count: number;
	/** Whether we are among them. */
	mine: boolean;
	/** Those we know of, ourselves included. */
	user_ids: readonly string[];
}

/** What we have asked for, and the message does not show yet. */
interface Wish {
	client_id: string;
	message: Message;
	emoji: string;
	added: boolean;
	/** The revision it was committed with. */
	revision: number | null;
}

export interface ReactionsDeps {
	myId: string;
	newId(): string;
	/** Hands it to the socket; false when there is none. */
	send(action: Action): boolean;
	/** The same over REST; gives the message as it then stands. */
	call(message: Message, emoji: string, added: boolean): Promise<Message>;
	/** A message from such an answer. */
	onMessage(message: Message): void;
	onFailed(error: unknown): void;
	/** An emoji was used once more. */
	onUsed(emoji: string): void;
}

/** So many fulfilled wishes are kept for timelines that lag behind. */
const MAX_FULFILLED = 50;

/** What most messages have. */
const none: readonly Chip[] = [];

const keyOf = (message_id: string, emoji: string) => `${message_id} ${emoji}`;

/** Reactions as they show at once, before the server has taken them in. */
export class Reactions {
	#deps: ReactionsDeps;
	#wishes = new SvelteMap<string, Wish>();
	/** Our own reactions, told by answers and events: an event's message says of nobody but its first 100. */
	#mine = new Map<string, boolean>();

	constructor(deps: ReactionsDeps) {
		this.#deps = deps;
	}

	of(message: Message): readonly Chip[] {
		if (message.reactions.length === 0 && this.#wishes.size === 0) return none;
		const chips = message.reactions.map(({ emoji, count, user_ids, me }): Chip => {
			const key = keyOf(message.id, emoji);
			if (typeof me === 'boolean') this.#mine.set(key, me);
			const named = user_ids.includes(this.#deps.myId);
			const hidden = count > user_ids.length && (this.#mine.get(key) ?? false);
			return { emoji, count, user_ids, mine: named || hidden };
		});
		for (const wish of this.#wishes.values()) {
			if (wish.message.id === message.id && !isIn(message, wish)) this.#apply(chips, wish);
		}
		return chips.filter(({ count }) => count > 0);
	}

	toggle(message: Message, emoji: string): void {
		const mine = this.of(message).some((chip) => chip.emoji === emoji && chip.mine);
		this.set(message, emoji, !mine);
	}

	set(message: Message, emoji: string, added: boolean): void {
		this.#purge();
		if (added) this.#deps.onUsed(emoji);
		const client_id = this.#deps.newId();
		const wish: Wish = { client_id, message, emoji, added, revision: null };
		this.#wishes.set(keyOf(message.id, emoji), wish);
		this.#carryOut(wish);
	}

	receive(event: ServerEvent): void {
		switch (event.type) {
			case 'reaction': {
				const { user_id, emoji, added } = event.data.changed;
				if (user_id !== this.#deps.myId) return;
				const key = keyOf(event.data.id, emoji);
				this.#mine.set(key, added);
				// Not forgotten yet: the timeline may still be waiting for what came before.
				const wish = this.#wishes.get(key);
				if (wish?.added === added)
					this.#wishes.set(key, { ...wish, revision: event.data.revision });
				return;
			}
			case 'ack': {
				const wish = this.#find(event.data.client_id);
				if (!wish) return;
				const { revision } = event.data;
				// Without a number of its own, nothing has changed: it was so already.
				if (revision === null) this.#forget(wish);
				else this.#wishes.set(keyOf(wish.message.id, wish.emoji), { ...wish, revision });
				return;
			}
			case 'error': {
				const wish = event.data.client_id === null ? undefined : this.#find(event.data.client_id);
				if (!wish) return;
				this.#forget(wish);
				return this.#deps.onFailed(new ApiError(0, { detail: event.data.detail }));
			}
			case 'hello':
				// What the old socket did not answer may be lost; twice is as good as once.
				for (const wish of this.#wishes.values()) if (wish.revision === null) this.#carryOut(wish);
		}
	}

	#carryOut(wish: Wish): void {
		const { client_id, message, emoji, added } = wish;
		const sent = this.#deps.send({
			action: added ? 'react' : 'unreact',
			room_id: message.room,
			message_id: message.id,
			emoji,
			client_id,
		});
		if (!sent) void this.#call(wish);
	}

	async #call(wish: Wish): Promise<void> {
		const { message, emoji, added } = wish;
		try {
			const now = await this.#deps.call(message, emoji, added);
			this.#forget(wish);
			this.#deps.onMessage(now);
		} catch (error) {
			this.#forget(wish);
			this.#deps.onFailed(error);
		}
	}

	#apply(chips: Chip[], { emoji, added }: Wish): void {
		const { myId } = this.#deps;
		const chip = chips.find((one) => one.emoji === emoji);
		if (!chip) {
			if (added) chips.push({ emoji, count: 1, mine: true, user_ids: [myId] });
			return;
		}
		if (chip.mine === added) return;
		const others = chip.user_ids.filter((id) => id !== myId);
		chip.mine = added;
		chip.count += added ? 1 : -1;
		chip.user_ids = added ? [...others, myId] : others;
	}

	#purge(): void {
		const fulfilled = [...this.#wishes].filter(([, { revision }]) => revision !== null);
		for (const [key] of fulfilled.slice(0, -MAX_FULFILLED)) this.#wishes.delete(key);
	}

	#find(client_id: string): Wish | undefined {
		return [...this.#wishes.values()].find((wish) => wish.client_id === client_id);
	}

	/** A later wish for the same emoji stays. */
	#forget({ client_id, message, emoji }: Wish): void {
		const key = keyOf(message.id, emoji);
		if (this.#wishes.get(key)?.client_id === client_id) this.#wishes.delete(key);
	}
}

function isIn(message: Message, { revision }: Wish): boolean {
	return message.is_deleted || (revision !== null && message.revision >= revision);
}
