import { expect, it } from 'vitest';
import { settled } from '$lib/testing/fake-clock';
import { ana, message } from '$lib/testing/messages';
import { quoteOf } from './quote';
import { Thread } from './thread.svelte';

const root = message(1);
const reply = (seq: number, over = {}) => message(seq, { reply_to: quoteOf(root), ...over });
const event = (type: 'message' | 'message_edited' | 'message_deleted', data = reply(2)) => ({
	type,
	room_id: 'room',
	data,
});

it('has what answers, in order, and what comes', async () => {
	const stored = [reply(2), reply(4)];
	const source = { root: () => Promise.resolve(root), replies: () => Promise.resolve(stored) };
	const thread = new Thread('m1', source);
	const loading = thread.load();
	// Later than the answer that is on its way.
	thread.receive(event('message_edited', reply(2, { revision: 7, content: 'edited' })));
	thread.receive(event('message', reply(6)));
	await loading;
	expect(thread.replies.map(({ content }) => content)).toEqual(['edited', 'text 4', 'text 6']);
	thread.receive(event('message', message(8)));
	thread.receive(event('message', reply(8, { reply_to: quoteOf(message(5)) })));
	thread.receive(event('message_deleted', message(4, { revision: 9, is_deleted: true })));
	thread.receive(event('message_edited', message(1, { revision: 10, content: 'first' })));
	expect(thread.replies.map(({ id }) => id)).toEqual(['m2', 'm6']);
	expect(thread.root?.content).toBe('first');
	const data = { ...ana, display_name: 'Ana Ruiz' };
	thread.receive({ type: 'profile_updated', data });
	const { root: renamed, replies } = thread;
	expect([renamed, ...replies].map((one) => one?.sender.display_name)).toEqual(
		Array(3).fill('Ana Ruiz'),
	);
	stored.push(reply(11));
	thread.receive({ type: 'resync' });
	await settled();
	expect(thread.replies.at(-1)?.id).toBe('m11');
});

it('tells a failure and recovers', async () => {
	let fail = true;
	const thread = new Thread('m1', {
		root: () => (fail ? Promise.reject(new Error('no')) : Promise.resolve(root)),
		replies: () => Promise.resolve([]),
	});
	await thread.load();
	expect(thread.failure).toMatchObject({ message: 'no' });
	fail = false;
	await thread.load();
	expect(thread).toMatchObject({ failure: null, loaded: true });
});
