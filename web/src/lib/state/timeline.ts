import type { Message, MessagePage } from '$lib/api/types';
import { quoteOf } from './quote';

/**
 * The part of a room that is loaded: every message visible to us between the first and the last one,
 * in order of `seq`.
 */
export interface Timeline {
	readonly messages: readonly Message[];
	readonly hasOlder: boolean;
	/** It ends before the newest message: what is new in the room lies further down. */
	readonly hasNewer: boolean;
	/** Where it ends with the newest: up to this `seq` none is missing. */
	readonly upTo: number;
}

export const emptyTimeline: Timeline = {
	messages: [],
	hasOlder: false,
	hasNewer: false,
	upTo: 0,
};

/** Of two states of one message the later counts; with equal revisions the incoming one, whose derived members are fresher. */
export function later(known: Message | undefined, incoming: Message): Message {
	return known && known.revision > incoming.revision ? known : incoming;
}

/** The index of the first message at or after `seq`. */
export function indexFrom(messages: readonly Message[], seq: number): number {
	let [low, high] = [0, messages.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((messages[middle]?.seq ?? Infinity) < seq) low = middle + 1;
		else high = middle;
	}
	return low;
}

export function holds({ messages }: Timeline, seq: number): boolean {
	return messages[indexFrom(messages, seq)]?.seq === seq;
}

function merge(messages: readonly Message[], incoming: readonly Message[]): readonly Message[] {
	const last = messages.at(-1)?.seq ?? -1;
	const follows = ({ seq }: Message, index: number) => seq > (incoming[index - 1]?.seq ?? last);
	if (incoming.every(follows)) return [...messages, ...incoming];
	const bySeq = new Map(messages.map((message) => [message.seq, message]));
	for (const message of incoming) bySeq.set(message.seq, later(bySeq.get(message.seq), message));
	return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/**
 * Applies changes that bring the room to `revision`. A message we do not hold and that is not newer
 * than all we know stays out: it lies beside what is loaded, or is hidden from us.
 */
export function applyChanges(
	timeline: Timeline,
	changes: readonly Message[],
	revision: number,
): Timeline {
	const { hasNewer } = timeline;
	const wanted = changes.filter(
		({ seq }) => (!hasNewer && seq > timeline.upTo) || holds(timeline, seq),
	);
	const merged = wanted.length === 0 ? timeline.messages : merge(timeline.messages, wanted);
	const messages = requote(merged, changes);
	const upTo = Math.max(timeline.upTo, revision);
	if (messages === timeline.messages && upTo === timeline.upTo) return timeline;
	return { ...timeline, messages, upTo };
}

/**
 * A quote changes with the message it quotes, and has no revision of its own. `changes` are the
 * messages that may have changed, whether or not they are loaded.
 */
function requote(messages: readonly Message[], changes: readonly Message[]): readonly Message[] {
	const originals = new Map(changes.map((message) => [message.id, message]));
	if (!messages.some(({ reply_to }) => reply_to && originals.has(reply_to.id))) return messages;
	// What is loaded may be later than what has just come.
	for (const message of messages) if (originals.has(message.id)) originals.set(message.id, message);
	return messages.map((message) => {
		const original = message.reply_to && originals.get(message.reply_to.id);
		if (!original) return message;
		const quote = quoteOf(original);
		const { content, is_deleted } = message.reply_to ?? {};
		if (quote.content === content && quote.is_deleted === is_deleted) return message;
		return { ...message, reply_to: quote };
	});
}

export function fromPage({ results, next, previous, revision }: MessagePage): Timeline {
	return {
		messages: results,
		hasOlder: next !== null,
		hasNewer: previous !== null,
		upTo: revision,
	};
}

/** Puts an older page in front. */
export function prepend(timeline: Timeline, page: MessagePage): Timeline {
	const messages = merge(timeline.messages, page.results);
	return { ...timeline, messages, hasOlder: page.next !== null };
}

/** Puts a newer page behind; with the last of them it ends with the newest again. */
export function append(timeline: Timeline, page: MessagePage): Timeline {
	const messages = merge(timeline.messages, page.results);
	if (page.previous !== null) return { ...timeline, messages };
	return { ...timeline, messages, hasNewer: false, upTo: page.revision };
}

/** A page from anywhere in the room: together with what is loaded where they touch, else in its place. */
export function moveTo(timeline: Timeline, page: MessagePage): Timeline {
	const other = fromPage(page);
	const [first, last] = ends(timeline);
	const [start, end] = ends(other);
	if (start > last || end < first) return other;
	const reaching = [timeline, other].filter(({ hasNewer }) => !hasNewer);
	return {
		messages: merge(timeline.messages, other.messages),
		hasOlder: (start <= first ? other : timeline).hasOlder,
		hasNewer: reaching.length === 0,
		upTo: Math.max(0, ...reaching.map(({ upTo }) => upTo)),
	};
}

function ends({ messages }: Timeline): [number, number] {
	return [messages[0]?.seq ?? Infinity, messages.at(-1)?.seq ?? -Infinity];
}

/** Forgets the oldest messages beyond `keep`; scrolling up loads them again. */
export function trimOlder(timeline: Timeline, keep: number): Timeline {
	if (timeline.messages.length <= keep) return timeline;
	return { ...timeline, messages: timeline.messages.slice(-keep), hasOlder: true };
}

/** Forgets the newest messages beyond `keep`; scrolling down loads them again. */
export function trimNewer(timeline: Timeline, keep: number): Timeline {
	if (timeline.messages.length <= keep) return timeline;
	return { ...timeline, messages: timeline.messages.slice(0, keep), hasNewer: true };
}
