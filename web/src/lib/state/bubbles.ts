import type { Me, Message, Quote, Sender } from '$lib/api/types';
import type { OutboxEntry, OutboxFile } from './outbox';
import { statusOf, statusOfPending, type MessageStatus } from './read-marks';

/**
 * One message as the timeline shows it, committed or not. What we sent keeps its key when its event
 * arrives, so that the element on the page stays the same.
 */
export interface Bubble {
	key: string;
	message: Message | null;
	client_id: string | null;
	sender: Sender;
	mine: boolean;
	content: string;
	/** Of a message on its way; a committed one has its attachments. */
	files: readonly OutboxFile[];
	reply_to: Quote | null;
	created_at: string;
	status: MessageStatus | null;
	error: string | null;
	/** The first of several in a row by the same person: it bears the name. */
	startsGroup: boolean;
	/** The first of its day. */
	startsDay: boolean;
	/** The first that was unread when the room was opened. */
	startsUnread: boolean;
}

const GROUP_MS = 5 * 60_000;

export interface BubbleContext {
	me: Me;
	readSeq: number;
	unreadSeq: number | null;
}

export function toBubbles(
	messages: readonly Message[],
	pending: readonly OutboxEntry[],
	context: BubbleContext,
): Bubble[] {
	const bubbles = messages.map((message) => fromMessage(message, context));
	const keys = new Set(bubbles.map(({ key }) => key));
	for (const entry of pending) {
		const bubble = fromEntry(entry, context.me);
		if (!keys.has(bubble.key)) bubbles.push(bubble);
	}
	return bubbles.map((bubble, index) => place(bubble, bubbles[index - 1]));
}

/** The same objects as before for what has not changed, so that the page leaves it alone. */
export function reuse(before: readonly Bubble[], now: readonly Bubble[]): Bubble[] {
	const known = new Map(before.map((bubble) => [bubble.key, bubble]));
	return now.map((bubble) => {
		const old = known.get(bubble.key);
		return old && isSame(old, bubble) ? old : bubble;
	});
}

function isSame(a: Bubble, b: Bubble): boolean {
	return (Object.keys(a) as (keyof Bubble)[]).every((name) => a[name] === b[name]);
}

export interface Day {
	key: string;
	created_at: string;
	bubbles: Bubble[];
}

/** The bubbles day by day, each under one heading. */
export function byDay(bubbles: readonly Bubble[]): Day[] {
	const days: Day[] = [];
	for (const bubble of bubbles) {
		const day = days.at(-1);
		if (day && !bubble.startsDay) day.bubbles.push(bubble);
		else
			days.push({
				key: dayOf(bubble.created_at),
				created_at: bubble.created_at,
				bubbles: [bubble],
			});
	}
	// A clock that was set back may begin a day twice.
	const seen = new Map<string, number>();
	for (const day of days) {
		const times = seen.get(day.key) ?? 0;
		seen.set(day.key, times + 1);
		if (times > 0) day.key += ` ${times}`;
	}
	return days;
}

/** Always the same list: it has not changed. */
const noFiles: Bubble['files'] = [];

function fromMessage(message: Message, { me, readSeq, unreadSeq }: BubbleContext): Bubble {
	const mine = message.sender.id === me.id;
	// Only our own `client_id`s are unique; others may choose theirs freely.
	const client_id = mine ? message.client_id : null;
	return {
		key: client_id ? `client:${client_id}` : `message:${message.id}`,
		message,
		client_id,
		sender: message.sender,
		mine,
		content: message.content,
		files: noFiles,
		reply_to: message.reply_to,
		created_at: message.created_at,
		status: mine && message.message_type !== 'system' ? statusOf(message, readSeq) : null,
		error: null,
		startsGroup: false,
		startsDay: false,
		startsUnread: message.seq === unreadSeq,
	};
}

function fromEntry(entry: OutboxEntry, me: Me): Bubble {
	return {
		key: `client:${entry.client_id}`,
		message: null,
		client_id: entry.client_id,
		sender: me,
		mine: true,
		content: entry.content,
		files: entry.files,
		reply_to: entry.reply_to,
		created_at: entry.created_at,
		status: statusOfPending(entry.status),
		error: entry.error,
		startsGroup: false,
		startsDay: false,
		startsUnread: false,
	};
}

function place(bubble: Bubble, previous: Bubble | undefined): Bubble {
	const startsDay = !previous || dayOf(previous.created_at) !== dayOf(bubble.created_at);
	const startsGroup =
		startsDay ||
		bubble.startsUnread ||
		previous.sender.id !== bubble.sender.id ||
		previous.message?.message_type === 'system' ||
		Date.parse(bubble.created_at) - Date.parse(previous.created_at) > GROUP_MS;
	return { ...bubble, startsDay, startsGroup };
}

const dayNames = new Map<string, string>();

/** The same moment always lies in the same day: a long timeline asks often. */
function dayOf(iso: string): string {
	const hour = iso.slice(0, 13);
	const minute = iso.slice(14, 16);
	// Some zones lie a quarter of an hour beside the others.
	const key = `${hour}:${Math.floor(Number(minute) / 15)}`;
	let day = dayNames.get(key);
	if (day === undefined) dayNames.set(key, (day = new Date(iso).toDateString()));
	return day;
}
