import { expect, it } from 'vitest';
import type { PinnedMessage } from '$lib/api/types';
import { settled } from '$lib/testing/fake-clock';
import { ana, message, room } from '$lib/testing/messages';
import { Pins } from './pins.svelte';

const pin = (seq: number): PinnedMessage => ({
	...message(seq),
	pinned_at: new Date(0).toISOString(),
	pinned_by: ana,
});
const updated = (pin_count: number) => ({
	type: 'room_updated' as const,
	data: room('room', { pin_count }),
});

it('asks for what a room says it has, and again where that changes', async () => {
	let stored = [pin(1)];
	const asked: string[] = [];
	const pins = new Pins((id) => (asked.push(id), Promise.resolve(stored)));
	pins.receive(updated(3));
	await pins.watch('empty', 0);
	expect(asked).toEqual([]);
	void pins.watch('room', 1);
	await pins.watch('room', 1);
	await settled();
	expect(asked).toEqual(['room']);
	expect(pins.has('room', 'm1')).toBe(true);
	stored = [pin(2), pin(1)];
	pins.receive(updated(1));
	pins.receive(updated(2));
	await settled();
	expect(asked).toEqual(['room', 'room']);
	expect(pins.of('room').list.map(({ id }) => id)).toEqual(['m2', 'm1']);
});

it('follows its messages', async () => {
	const pins = new Pins(() => Promise.resolve([pin(2), pin(1)]));
	await pins.watch('room', 2);
	const data = message(1, { revision: 3, content: 'new' });
	pins.receive({ type: 'message_edited', room_id: 'room', data });
	expect(pins.of('room').list[1]).toMatchObject({ content: 'new', pinned_by: ana });
	const renamed = { ...ana, display_name: 'Ana Ruiz' };
	pins.receive({ type: 'profile_updated', data: renamed });
	expect(pins.of('room').list[1]).toMatchObject({ sender: renamed, pinned_by: renamed });
	const gone = message(2, { revision: 4, is_deleted: true });
	pins.receive({ type: 'message_deleted', room_id: 'room', data: gone });
	expect(pins.of('room').list).toHaveLength(1);
});

it('keeps the answer to the latest question', async () => {
	const answers: ((list: PinnedMessage[]) => void)[] = [];
	const pins = new Pins(() => new Promise((go) => answers.push(go)));
	void pins.watch('room', 1);
	void pins.refresh('room', 2);
	answers[1]?.([pin(2)]);
	await settled();
	answers[0]?.([pin(1)]);
	await settled();
	expect(pins.of('room').list.map(({ id }) => id)).toEqual(['m2']);
});
