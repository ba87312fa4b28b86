import { expect, it } from 'vitest';
import { settled } from '$lib/testing/fake-clock';
import { Presence, type Listed } from './presence.svelte';

const SEEN = '2026-03-10T10:00:00Z';
const online = (id: string): Listed => ({ user: { id }, is_online: true, last_seen: null });
const offline = (id: string): Listed => ({ user: { id }, is_online: false, last_seen: SEEN });

/** Answers are given by hand. */
function setUp() {
	const answers: ((list: Listed[]) => void)[] = [];
	const presence = new Presence(() => new Promise((answer) => answers.push(answer)));
	return { presence, answers };
}

it('knows nothing of those the server says nothing about', () => {
	const { presence } = setUp();
	expect(presence.of('ana')).toBeUndefined();
	presence.learn([{ id: 'ana', is_online: false, last_seen: null }]);
	expect(presence.of('ana')).toBeUndefined();
	presence.learn([{ id: 'ana', is_online: true, last_seen: null }]);
	expect(presence.of('ana')?.is_online).toBe(true);
});

it('does not let an answer undo an event that came while it was on its way', async () => {
	const { presence, answers } = setUp();
	const loaded = presence.load();
	presence.set('ana', { is_online: true, last_seen: null });
	answers[0]?.([offline('ana'), online('luis')]);
	await loaded;
	expect(presence.of('ana')?.is_online).toBe(true);
	expect(presence.of('luis')?.is_online).toBe(true);
});

it('asks once more when asked again meanwhile', async () => {
	const { presence, answers } = setUp();
	const loaded = presence.load();
	void presence.load();
	void presence.load();
	answers[0]?.([]);
	await settled();
	expect(answers).toHaveLength(2);
	answers[1]?.([online('ana')]);
	await loaded;
	expect(presence.of('ana')?.is_online).toBe(true);
});

it('knows nobody without a connection', () => {
	const { presence } = setUp();
	presence.set('ana', { is_online: true, last_seen: null });
	presence.clear();
	expect(presence.of('ana')).toBeUndefined();
});
