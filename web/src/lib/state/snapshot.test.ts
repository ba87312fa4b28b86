import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Me } from '$lib/api/types';
import { ana, message, room } from '$lib/testing/messages';
import { MAX_KEPT_MESSAGES, Snapshot, type KeptPage } from './snapshot';

const me = { ...ana } as Me;
const always = () => true;
let name = '';
let snapshot: Snapshot;

beforeEach((test) => {
	name = test.task.id;
	snapshot = new Snapshot(name);
});

function page(room_id: string, over: Partial<KeptPage> = {}): KeptPage {
	return {
		account: me.id,
		room: room_id,
		messages: [message(1), message(2)],
		hasOlder: false,
		revision: 2,
		kept_at: 1,
		...over,
	};
}

const account = (...ids: string[]) => ({ id: me.id, me, rooms: ids.map((id) => room(id)) });

it('gives back what was kept, also to another tab', async () => {
	await snapshot.save(account('a', 'b'), [page('a')], always);
	const other = new Snapshot(name);
	expect(await other.account(me.id)).toEqual(account('a', 'b'));
	expect(await other.page(me.id, 'a')).toEqual(page('a'));
	expect(await other.page(me.id, 'b')).toBeNull();
	expect(await other.account('luis')).toBeNull();
	expect(await other.page('luis', 'a')).toBeNull();
});

it('keeps the newest messages of a room alone', async () => {
	const messages = Array.from({ length: 120 }, (_, index) => message(index + 1));
	await snapshot.save(account('a'), [page('a', { messages })], always);
	const kept = (await snapshot.page(me.id, 'a'))?.messages ?? [];
	expect(kept).toHaveLength(MAX_KEPT_MESSAGES);
	expect(kept.at(-1)?.seq).toBe(120);
});

it('keeps the rooms looked at last, and none that is no more', async () => {
	const ids = Array.from({ length: 40 }, (_, index) => `r${index}`);
	const pages = ids.map((id, index) => page(id, { kept_at: index + 1 }));
	await snapshot.save(account(...ids), pages, always);
	await snapshot.save(account(...ids.slice(0, 39)), [], always);
	const kept = await Promise.all(ids.map((id) => snapshot.page(me.id, id)));
	expect(kept.flatMap((one) => one?.room ?? [])).toEqual(ids.slice(10, 39));
});

it('forgets a room, and all of an account and nothing of another', async () => {
	const theirs = { id: 'luis', me: { ...me, id: 'luis' }, rooms: [room('a')] };
	await snapshot.save(theirs, [page('a', { account: 'luis' })], always);
	await snapshot.save(account('a', 'b'), [page('a'), page('b')], always);
	await snapshot.forget(me.id, 'a');
	expect(await snapshot.page(me.id, 'a')).toBeNull();
	expect(await snapshot.page(me.id, 'b')).not.toBeNull();
	await snapshot.forget(me.id);
	expect(await snapshot.account(me.id)).toBeNull();
	expect(await snapshot.page(me.id, 'b')).toBeNull();
	expect(await snapshot.account('luis')).toEqual(theirs);
	expect(await snapshot.page('luis', 'a')).not.toBeNull();
});

it('writes nothing for who has signed out meanwhile', async () => {
	await snapshot.save(account('a'), [page('a')], () => false);
	expect(await snapshot.account(me.id)).toBeNull();
});

it('does without where nothing can be kept', async () => {
	const said = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
	await openDB(name, 999).then((db) => db.close());
	expect(await snapshot.account(me.id)).toBeNull();
	await snapshot.save(account('a'), [], always);
	await snapshot.forget(me.id);
	expect(said).toHaveBeenCalledTimes(3);
	said.mockRestore();
});
