import type { Message } from '$lib/api/types';
import { quoteOf } from './quote';

/**
 * What is loaded of a room: every message visible to us whose `seq` lies between that of the first
 * one and the revision the room was last brought to, in order of `seq`.
 */
export interface Timeline {
	readonly messages: readonly Message[];
	readonly hasOlder: boolean;
}

export const emptyTimeline: Timeline = { messages: [], hasOlder: false };

/** Of two states of one message the later counts; with equal revisions the incoming one, whose derived members are fresher. */
export function later(known: Message | undefined, incoming: Message): Message {
	return known && known.revision > incoming.revision ? known : incoming;
}

function merge(messages: readonly Message[], incoming: readonly Message[]): Message[] {
	const byId = new Map(messages.map((message) => [message.id, message]));
	for (const message of incoming) byId.set(message.id, later(byId.get(message.id), message));
	return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

/**
 * Applies changes to a timeline that was complete up to `revision`. A message we do not hold
 * and that was made at or before `revision` is older than what is loaded, or hidden from us: it stays out.
 */
export function applyChanges(
	timeline: Timeline,
	changes: readonly Message[],
	revision: number,
): Timeline {
	const known = new Set(timeline.messages.map((message) => message.id));
	const wanted = changes.filter((message) => message.seq > revision || known.has(message.id));
	const merged = wanted.length === 0 ? timeline.messages : merge(timeline.messages, wanted);
	const messages = requote(merged, changes);
	return messages === timeline.messages ? timeline : { ...timeline, messages };
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

/** Puts an older page in front. */
export function prepend(timeline: Timeline, page: readonly Message[], hasOlder: boolean): Timeline {
	return { messages: merge(timeline.messages, page), hasOlder };
}

/** Forgets the oldest messages beyond `keep`; scrolling up loads them again. */
export function trim(timeline: Timeline, keep: number): Timeline {
	if (timeline.messages.length <= keep) return timeline;
	return { messages: timeline.messages.slice(-keep), hasOlder: true };
}
