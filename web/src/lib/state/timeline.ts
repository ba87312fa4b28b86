import type { Message } from '$lib/api/types';

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
	return wanted.length === 0
		? timeline
		: { ...timeline, messages: merge(timeline.messages, wanted) };
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
