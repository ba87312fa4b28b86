import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '$lib/api/errors';
import type { Attachment } from '$lib/api/types';
import { attachment } from '$lib/testing/attachment';
import { FakeClock } from '$lib/testing/fake-clock';
import { FakeLocks } from '$lib/testing/fake-locks';
import { fakeStorage } from '$lib/testing/fake-storage';
import { forgetAccount, keepsOnlyHere } from './forget-account';
import { KeptFiles, MOST_BYTES } from './kept-files';
import { KeptUploads } from './kept-uploads';
import type { OutboxEntry } from './outbox';
import { Uploads, type Upload } from './uploads.svelte';

let files: KeptFiles;
let storage: Storage;
let locks: FakeLocks;
let now: number;
let databases = 0;
let ids = 0;

beforeEach(() => {
	now = 0;
	files = new KeptFiles(`files ${++databases}`, () => now);
	storage = fakeStorage();
	locks = new FakeLocks();
	ids = 0;
	vi.stubGlobal('navigator', {});
	vi.spyOn(console, 'warn').mockReturnValue();
});

/** A page of one browser; `waits` are the messages to be sent. */
function page(waits: string[] = [], user_id = 'me') {
	const running: { name: string; text: Promise<string>; done(): void; fail(error: Error): void }[] =
		[];
	const told: [string, Upload][] = [];
	const uploads = new Uploads({
		transfer: (file) =>
			new Promise<Attachment>((resolve, reject) => {
				const done = () => resolve(attachment(`u-${file.name}`, { name: file.name }));
				running.push({ name: file.name, text: file.text(), done, fail: reject });
			}),
		clock: new FakeClock(),
		storage,
		user_id,
		limit: () => Infinity,
		newId: () => `f${++ids}`,
		previews: { make: ({ name }) => `blob:${name}`, drop: () => undefined },
		onDone: (client_id, upload) => told.push([client_id, upload]),
	});
	const keeper = new KeptUploads({
		uploads,
		files,
		storage,
		user_id,
		locks,
		newId: () => `page${++ids}`,
		waits: (client_id) => waits.includes(client_id),
	}).start();
	const close = () => {
		keeper.stop();
		uploads.stop();
	};
	const statuses = () => uploads.of('room').map(({ name, status }) => `${name} ${status}`);
	return { uploads, keeper, running, told, close, statuses };
}

const file = (name: string, text = `it is ${name}`) =>
	new File([text], name, { type: 'text/plain' });
const notes = () => Object.keys(storage).filter((key) => key.startsWith('charla.kept.'));
const contentOf = async (id: string) => (await files.get('me', id))?.text();
/** A page that has kept two files, and is gone. */
async function left() {
	const before = page();
	before.uploads.add('room', [file('a'), file('b')]);
	await vi.waitFor(async () => expect(await contentOf('f3')).toBe('it is b'));
	return before;
}
const entry = (names: string[], client_id = 'c1'): OutboxEntry => ({
	client_id,
	room_id: 'room',
	content: '',
	reply_to: null,
	files: names.map((id) => ({ id, name: id, size: 1, content_type: '', attachment: null })),
	created_at: '',
	status: 'sending',
	error: null,
	revision: null,
	tried: false,
});

it('brings back what stood in a composer, once its page is closed, in one tab alone', async () => {
	const before = await left();
	const [next, last] = [page(), page()];
	await vi.waitFor(() => expect(notes()).toHaveLength(2));
	expect([...next.statuses(), ...last.statuses()]).toEqual([]);
	before.close();
	await vi.waitFor(() => expect(next.statuses()).toEqual(['a uploading', 'b uploading']));
	expect(await next.running[0]?.text).toBe('it is a');
	expect(next.uploads.of('room')[0]).toMatchObject({
		preview: 'blob:a',
		content_type: 'text/plain',
	});
	expect(last.statuses()).toEqual([]);
});

it('keeps nothing of what is uploaded, refused or removed', async () => {
	const { uploads, running } = await left();
	uploads.add('room', [file('c'), file('d')]);
	await vi.waitFor(async () => expect(await contentOf('f5')).toBe('it is d'));
	running[0]?.done();
	running[1]?.fail(new ApiError(400, {}));
	uploads.remove('f4');
	await vi.waitFor(async () => expect(await contentOf('f4')).toBeUndefined());
	expect(notes()).toEqual(['charla.kept.me.room.f5']);
	expect([await contentOf('f2'), await contentOf('f3')]).toEqual([undefined, undefined]);
});

it('goes on with the files of a message, and says which of them are gone', async () => {
	const before = await left();
	before.uploads.take('room', 'c1');
	before.close();
	const after = page(['c1']);
	expect(await after.keeper.adopt(entry(['f2', 'f3', 'f9']))).toBe(true);
	expect(after.statuses()).toEqual([]);
	expect(await Promise.all(after.running.map(({ text }) => text))).toEqual(['it is a', 'it is b']);
	after.running[0]?.done();
	await vi.waitFor(() => expect(after.told).toHaveLength(2));
	expect(after.told.map(([id, { name, status }]) => `${id} ${name} ${status}`)).toEqual([
		'c1 f9 refused',
		'c1 f2 done',
	]);
	expect(await after.keeper.adopt(entry(['f8']))).toBe(false);
});

it('forgets the files of a message that is no longer to be sent', async () => {
	const before = await left();
	before.uploads.take('room', 'c1');
	before.close();
	page([]);
	await vi.waitFor(() => expect(notes()).toEqual([]));
	await vi.waitFor(async () => expect(await contentOf('f2')).toBeUndefined());
});

it('says what cannot be kept: too much, or no database', async () => {
	const { uploads } = page();
	const huge = file('huge');
	Object.defineProperty(huge, 'size', { value: MOST_BYTES + 1 });
	uploads.add('room', [huge, file('small')]);
	await vi.waitFor(() => expect(uploads.of('room')[0]?.unkept).toBe(true));
	expect(uploads.of('room')[1]?.unkept).toBeUndefined();
	expect(notes()).toEqual(['charla.kept.me.room.f3']);
	files.put = () => Promise.resolve(false);
	uploads.add('other', [file('b')]);
	await vi.waitFor(() => expect(uploads.of('other')[0]?.unkept).toBe(true));
	storage.setItem = () => {
		throw new Error('full');
	};
	uploads.add('third', [file('c')]);
	expect(uploads.of('third')[0]?.unkept).toBe(true);
});

it('tells of a file whose content was not there in time, once', async () => {
	const before = await left();
	await files.remove('me', 'f2');
	before.close();
	const after = page();
	await vi.waitFor(() => expect(after.statuses()).toEqual(['a refused', 'b uploading']));
	expect(after.uploads.of('room')[0]?.problem).toEqual({ kind: 'gone' });
	expect(notes()).toEqual(['charla.kept.me.room.f3']);
});

it('leaves nothing of who signs out, and is counted before that', async () => {
	const before = await left();
	expect(keepsOnlyHere(storage, 'me')).toBe(true);
	before.uploads.add('room', [file('late')]);
	before.close();
	forgetAccount(storage, 'me');
	await files.forget('me');
	await vi.waitFor(async () => expect(await contentOf('f4')).toBeUndefined());
	expect(await contentOf('f2')).toBeUndefined();
	expect(notes()).toEqual([]);
});

it('tidies what nothing asks for any more, of everybody', async () => {
	await files.put('luis', 'old', file('old'));
	await files.put('luis', 'asked', file('asked'));
	storage.setItem('charla.kept.luis.room.asked', '{}');
	now = 120_000;
	await files.put('luis', 'new', file('new'));
	page();
	await vi.waitFor(async () => expect(await files.get('luis', 'old')).toBeNull());
	expect(await files.get('luis', 'asked')).not.toBeNull();
	expect(await files.get('luis', 'new')).not.toBeNull();
});
