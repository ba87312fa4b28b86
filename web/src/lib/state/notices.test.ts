import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Message, Room } from '$lib/api/types';
import type { ServerEvent } from '$lib/realtime/protocol';
import { FakeClock } from '$lib/testing/fake-clock';
import { ana, luis, message, room } from '$lib/testing/messages';
import { isWorthTelling, Notices } from './notices';

const now = new Date('2026-03-10T12:00:00Z');
const mention = (seq: number) => message(seq, { mentions: ['luis'] });

describe('whether a message is worth telling', () => {
	const worth = (one: Message, over: Partial<Room> = {}) =>
		isWorthTelling(one, room('room', over), 'luis', now);

	it('others’ messages are', () => {
		expect(worth(message(1))).toBe(true);
		expect(worth(message(1, { sender: luis }))).toBe(false);
		expect(worth(message(1, { message_type: 'system' }))).toBe(false);
		expect(worth(message(1, { is_deleted: true }))).toBe(false);
	});

	it('a room says which', () => {
		expect(worth(message(1), { notify: 'mentions' })).toBe(false);
		expect(worth(mention(1), { notify: 'mentions' })).toBe(true);
		expect(worth(message(1, { mentions_room: true }), { notify: 'mentions' })).toBe(true);
		expect(worth(mention(1), { notify: 'nothing' })).toBe(false);
	});

	it('nothing of a muted room, until its time is over', () => {
		expect(worth(mention(1), { muted_until: '2026-03-10T12:00:01.000Z' })).toBe(false);
		expect(worth(message(1), { muted_until: '2026-03-10T11:59:59.000Z' })).toBe(true);
	});
});

describe('what is told', () => {
	let clock: FakeClock;
	let happened: string[];
	let looked: string[];
	let leads: boolean;
	let chosen: { desktop: boolean; content: boolean; sound: boolean; sound_here: boolean };
	let onShow: () => void;
	let notices: Notices;

	beforeEach(() => {
		clock = new FakeClock();
		happened = [];
		looked = [];
		leads = true;
		chosen = { desktop: true, content: true, sound: true, sound_here: false };
		onShow = () => undefined;
		notices = new Notices({
			my_id: 'luis',
			clock,
			notifier: {
				show: async ({ tag, body }) => {
					happened.push(`show ${tag}: ${body}`);
					onShow();
				},
				close: async (tag) => void happened.push(`close ${tag}`),
				closeAll: async () => void happened.push('close all'),
			},
			room: (id) => (id === 'room' ? room(id) : undefined),
			chosen: () => chosen,
			tabs: {
				get leads() {
					return leads;
				},
				isLookedAt: async (id) => looked.includes(id),
			},
			play: () => void happened.push('sound'),
			say: ({ body }) => void happened.push(`say ${body}`),
			ofMessage: (one, where, content) => ({
				tag: where.id,
				title: '',
				body: content ? one.content : '…',
				icon: null,
				path: '/',
			}),
			ofRequest: ({ sender }) => ({
				tag: `friend.${sender.id}`,
				title: '',
				body: sender.id,
				icon: null,
				path: '/',
			}),
		});
	});

	const came = (seq: number, over: Partial<Message> = {}) => {
		const data = message(seq, over);
		return notices.receive({ type: 'message', room_id: data.room, data });
	};
	const read = (unread_count: number): ServerEvent => ({
		type: 'read_state',
		data: { room_id: 'room', up_to: null, seq: 1, unread_count, mention_count: 0 },
	});

	it('a message, by a sound and a notice', async () => {
		await came(1);
		expect(happened).toEqual(['sound', 'show room: text 1']);
	});

	it('as the settings say', async () => {
		chosen = { ...chosen, sound: false, content: false };
		await came(1);
		expect(happened).toEqual(['show room: …']);
		happened = [];
		chosen = { ...chosen, desktop: false, sound: true };
		await came(2);
		expect(happened).toEqual(['sound']);
	});

	it('in the page too what is meant for somebody', async () => {
		await came(1, { mentions: ['luis'] });
		expect(happened).toEqual(['sound', 'say text 1', 'show room: text 1']);
		looked = ['room'];
		await came(2, { mentions: ['luis'] });
		expect(happened).toHaveLength(3);
	});

	it('by one tab alone, and not of rooms unknown', async () => {
		await came(1, { room: 'elsewhere' });
		leads = false;
		await came(2);
		expect(happened).toEqual([]);
	});

	it('not what somebody sees come, unless they want a sound for that', async () => {
		looked = ['room'];
		await came(1);
		expect(happened).toEqual([]);
		chosen = { ...chosen, sound_here: true };
		await came(2);
		expect(happened).toEqual(['sound']);
	});

	it('many at once make one sound', async () => {
		for (let seq = 1; seq <= 3; seq++) await came(seq);
		expect(happened.filter((one) => one === 'sound')).toHaveLength(1);
		clock.advance(2_000);
		await came(4);
		expect(happened.filter((one) => one === 'sound')).toHaveLength(2);
	});

	it('a notice goes when its room is read, or its message deleted', async () => {
		await came(1);
		happened = [];
		await notices.receive(read(1));
		const other = message(2, { is_deleted: true });
		await notices.receive({ type: 'message_deleted', room_id: 'room', data: other });
		expect(happened).toEqual([]);
		await notices.receive(read(0));
		expect(happened).toEqual(['close room']);
		clock.advance(2_000);
		await came(3);
		happened = [];
		const gone = message(3, { is_deleted: true });
		await notices.receive({ type: 'message_deleted', room_id: 'room', data: gone });
		expect(happened).toEqual(['close room']);
	});

	it('nor does it stay where it was read before it showed', async () => {
		onShow = () => void notices.receive(read(0));
		await came(1);
		expect(happened.at(-1)).toBe('close room');
	});

	it('requests of others, until they are answered', async () => {
		const created_at = now.toISOString();
		const request = { id: 'r', sender: ana, receiver: luis, created_at };
		await notices.receive({ type: 'friend_request', data: request });
		const own = { id: 'o', sender: luis, receiver: ana, created_at };
		await notices.receive({ type: 'friend_request', data: own });
		expect(happened).toEqual(['sound', 'show friend.ana: ana']);
		notices.stop();
		expect(happened.at(-1)).toBe('close all');
	});

	it('nothing any more to who has signed out, whatever was on its way', async () => {
		const onItsWay = came(1);
		notices.stop();
		await onItsWay;
		await came(2);
		expect(happened).toEqual(['close all']);
		const { BrowserNotifier } = await import('./browser-notifier');
		const shown: string[] = [];
		const Shown = Object.assign(
			function (this: unknown, title: string) {
				shown.push(title);
			},
			{ permission: 'granted' },
		);
		vi.stubGlobal('Notification', Shown);
		vi.stubGlobal('navigator', {});
		const notifier = new BrowserNotifier(() => undefined);
		const late = notifier.show({ tag: 't', title: 'Late', body: '', icon: null, path: '/' });
		await notifier.closeAll();
		await late;
		vi.unstubAllGlobals();
		expect(shown).toEqual([]);
	});
});
