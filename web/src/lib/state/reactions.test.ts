import { beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '$lib/api/types';
import type { Action, Reacted } from '$lib/realtime/protocol';
import { settled } from '$lib/testing/fake-clock';
import { message } from '$lib/testing/messages';
import { Reactions } from './reactions.svelte';

const reacted = (user_ids: string[], over: Partial<Message['reactions'][0]> = {}) => [
	{ emoji: '👍', count: user_ids.length, user_ids, ...over },
];
const event = (data: Message, user_id: string, added: boolean) => ({
	type: 'reaction' as const,
	room_id: data.room,
	data: { ...data, changed: { user_id, emoji: '👍', added } } as Reacted,
});
const ack = (client_id: string, revision: number | null) => ({
	type: 'ack' as const,
	data: { client_id, id: 'm1', revision, created_at: '' },
});

let sent: Action[];
let open: boolean;
let failed: unknown[];
let answer: () => Promise<Message>;
let seen: Message[];
let reactions: Reactions;

beforeEach(() => {
	[sent, open, failed, seen] = [[], true, [], []];
	answer = () => Promise.resolve(message(1, { revision: 2, reactions: reacted(['me']) }));
	let next = 0;
	reactions = new Reactions({
		myId: 'me',
		newId: () => `c${next++}`,
		send: (action) => open && sent.push(action) > 0,
		call: () => answer(),
		onMessage: (one) => seen.push(one),
		onFailed: (error) => failed.push(error),
		onUsed: () => undefined,
	});
});

const shown = (one: Message) =>
	reactions.of(one).map(({ emoji, count, mine }) => `${emoji} ${count}${mine ? ' mine' : ''}`);

describe('whose reactions they are', () => {
	it('is told by the ids, whatever an event says of `me`', () => {
		expect(shown(message(1, { reactions: reacted(['ana', 'me'], { me: null }) }))).toEqual([
			'👍 2 mine',
		]);
		expect(shown(message(1, { reactions: reacted(['ana'], { me: null }) }))).toEqual(['👍 1']);
	});

	it('is remembered where the first hundred do not name us', () => {
		const many = { count: 150 };
		const answered = message(1, { reactions: reacted(['ana'], { ...many, me: true }) });
		const told = message(1, { reactions: reacted(['ana'], { ...many, me: null }) });
		expect(shown(told)).toEqual(['👍 150']);
		expect(shown(answered)).toEqual(['👍 150 mine']);
		expect(shown(told)).toEqual(['👍 150 mine']);
		reactions.receive(event(told, 'me', false));
		expect(shown(told)).toEqual(['👍 150']);
		reactions.receive(event(told, 'ana', true));
		expect(shown(told)).toEqual(['👍 150']);
	});
});

describe('what we ask for', () => {
	const plain = message(1, { reactions: reacted(['ana']) });

	it('shows at once, until the message itself shows it', () => {
		reactions.toggle(plain, '👍');
		reactions.toggle(plain, '🎉');
		expect(shown(plain)).toEqual(['👍 2 mine', '🎉 1 mine']);
		expect(sent).toMatchObject([{ action: 'react', emoji: '👍' }, { emoji: '🎉' }]);
		const after = message(1, { revision: 5, reactions: reacted(['ana', 'me']) });
		reactions.receive(ack('c0', 5));
		reactions.receive(event(after, 'me', true));
		// A timeline that waits for revision 4 still shows it.
		expect(shown(plain)[0]).toBe('👍 2 mine');
		expect(shown(after)[0]).toBe('👍 2 mine');
		// Taken back elsewhere.
		expect(shown(message(1, { revision: 6, reactions: reacted(['ana']) }))[0]).toBe('👍 1');
	});

	it('is taken back as fast as it came', () => {
		reactions.toggle(plain, '👍');
		reactions.toggle(plain, '👍');
		expect(shown(plain)).toEqual(['👍 1']);
		expect(sent.map(({ action }) => action)).toEqual(['react', 'unreact']);
		const own = message(2, { reactions: reacted(['me']) });
		reactions.toggle(own, '👍');
		expect(shown(own)).toEqual([]);
	});

	it('goes where it is refused, with the reason', () => {
		reactions.toggle(plain, '👍');
		const data = {
			action: 'react',
			client_id: 'c0',
			code: 'x',
			detail: 'No',
			errors: null,
			retry_after: null,
			until: null,
		};
		reactions.receive({ type: 'error', data });
		expect(shown(plain)).toEqual(['👍 1']);
		expect(failed).toMatchObject([{ message: 'No' }]);
	});

	it('is said again on a new socket, and goes where it changed nothing', () => {
		reactions.toggle(plain, '👍');
		reactions.receive({ type: 'hello', data: {} as never });
		expect(sent).toHaveLength(2);
		expect(sent[1]).toEqual(sent[0]);
		reactions.receive(ack('c0', null));
		expect(shown(plain)).toEqual(['👍 1']);
	});

	it('goes over REST without a socket', async () => {
		open = false;
		reactions.toggle(plain, '👍');
		expect(shown(plain)).toEqual(['👍 2 mine']);
		await settled();
		expect(seen).toMatchObject([{ revision: 2 }]);
		answer = () => Promise.reject(new TypeError('network'));
		reactions.toggle(plain, '👍');
		await settled();
		expect(failed).toHaveLength(1);
		expect(shown(plain)).toEqual(['👍 1']);
	});
});
