import { describe, expect, it } from 'vitest';
import { ApiError } from '$lib/api/errors';
import type { Attachment } from '$lib/api/types';
import { attachment } from '$lib/testing/attachment';
import { FakeClock, settled } from '$lib/testing/fake-clock';
import { fakeStorage } from '$lib/testing/fake-storage';
import { Uploads, type Upload } from './uploads.svelte';

interface Running {
	name: string;
	progress(value: number): void;
	done(): Promise<void>;
	fail(error: unknown): Promise<void>;
	signal: AbortSignal;
}

function setUp(storage = fakeStorage(), clock = new FakeClock(), unkept = false) {
	const running: Running[] = [];
	const told: [string, Upload][] = [];
	const dropped: string[] = [];
	let ids = 0;
	const uploads = new Uploads({
		transfer: (file, progress, signal) =>
			new Promise<Attachment>((resolve, reject) => {
				const name = file.name;
				const done = () => (resolve(attachment(`u-${name}`, { name })), settled());
				const fail = (error: unknown) => (reject(error), settled());
				running.push({ name, progress, done, fail, signal });
			}),
		clock,
		storage,
		user_id: 'me',
		newId: () => `f${++ids}`,
		limit: () => 9,
		unkept,
		previews: { make: ({ name }) => `blob:${name}`, drop: (address) => dropped.push(address) },
		onDone: (client_id, upload) => told.push([client_id, upload]),
	});
	const statuses = () => uploads.of('room').map(({ name, status }) => `${name} ${status}`);
	const last = () => running.at(-1) as Running;
	return { uploads, clock, running, told, dropped, storage, statuses, last };
}

const file = (name: string, size = 3) => new File(['x'.repeat(size)], name);

describe('uploading', () => {
	it('goes on three at a time, and tells how far', async () => {
		const { uploads, running, statuses } = setUp();
		uploads.add(
			'room',
			['a', 'b', 'c', 'd'].map((name) => file(name)),
		);
		expect(running.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
		running[0]?.progress(0.5);
		expect(uploads.of('room')[0]?.progress).toBe(0.5);
		await running[0]?.done();
		expect(statuses()).toEqual(['a done', 'b uploading', 'c uploading', 'd uploading']);
		expect(uploads.of('room')[0]?.attachment?.id).toBe('u-a');
	});

	it('says what is lost with its page, until it is uploaded', async () => {
		const { uploads, last } = setUp(undefined, undefined, true);
		uploads.add('room', [file('a')]);
		expect(uploads.of('room')[0]?.unkept).toBe(true);
		await last().done();
		expect(uploads.of('room')[0]?.unkept).toBe(false);
	});

	it('takes ten files for a message', () => {
		const { uploads } = setUp();
		const many = Array.from({ length: 12 }, (_, index) => file(`n${index}`));
		expect(uploads.add('room', many)).toBe(2);
		expect(uploads.add('room', [file('x')])).toBe(1);
		expect(uploads.add('other', [file('x')])).toBe(0);
	});

	it('can be cancelled', async () => {
		const { uploads, running, statuses, dropped } = setUp();
		uploads.add('room', [file('a')]);
		uploads.remove('f1');
		expect(running[0]?.signal.aborted).toBe(true);
		await running[0]?.fail(new DOMException('', 'AbortError'));
		expect(statuses()).toEqual([]);
		expect(dropped).toEqual(['blob:a']);
	});
});

describe('what fails', () => {
	it('is tried again later, and later still', async () => {
		const { uploads, clock, running, statuses, last } = setUp();
		uploads.add('room', [file('a')]);
		await last().fail(new TypeError());
		expect(statuses()).toEqual(['a failed']);
		clock.advance(3_000);
		expect(running).toHaveLength(2);
		await last().fail(new TypeError());
		clock.advance(3_000);
		expect(running).toHaveLength(2);
		clock.advance(3_000);
		expect(running).toHaveLength(3);
		await last().done();
		expect(statuses()).toEqual(['a done']);
	});

	it('is tried at once when asked to, or connected again', async () => {
		const { uploads, running, last } = setUp();
		uploads.add('room', [file('a')]);
		await last().fail(new TypeError());
		uploads.retry('f1');
		expect(running).toHaveLength(2);
		await last().fail(new TypeError());
		uploads.connected();
		expect(running).toHaveLength(3);
	});

	it('waits as long as the server says', async () => {
		const { uploads, clock, running, last } = setUp();
		uploads.add('room', [file('a')]);
		await last().fail(new ApiError(429, {}, '20'));
		clock.advance(19_000);
		expect(running).toHaveLength(1);
		clock.advance(1_000);
		expect(running).toHaveLength(2);
	});

	it('for good stays with its reason, and the others go on', async () => {
		const { uploads, running, statuses } = setUp();
		uploads.add('room', [file('a'), file('b')]);
		const errors = { file: ['No picture.'] };
		await running[0]?.fail(new ApiError(400, { detail: 'Not valid.', errors }));
		await running[1]?.done();
		expect(statuses()).toEqual(['a refused', 'b done']);
		expect(uploads.of('room')[0]?.problem).toEqual({ kind: 'refused', reason: 'No picture.' });
	});

	it('as too large comes before anything is sent', () => {
		const { uploads, running, statuses } = setUp();
		uploads.add('room', [file('a', 10), file('b', 9), file('c', 0)]);
		expect(statuses()).toEqual(['a refused', 'b uploading', 'c refused']);
		expect(running.map(({ name }) => name)).toEqual(['b']);
		expect(uploads.of('room').map(({ problem }) => problem)).toEqual([
			{ kind: 'too_large', limit: 9 },
			null,
			{ kind: 'empty' },
		]);
	});

	it('as too large may come from the server all the same', async () => {
		const { uploads, running, statuses } = setUp();
		uploads.add('room', [file('a', 5)]);
		await running[0]?.fail(new ApiError(413, { detail: 'At most 4 B.' }));
		expect(statuses()).toEqual(['a refused']);
		expect(uploads.of('room')[0]?.problem).toEqual({ kind: 'refused', reason: 'At most 4 B.' });
	});
});

describe('sending', () => {
	it('takes the files along, ready or not; those refused stay', async () => {
		const { uploads, running, told, statuses } = setUp();
		uploads.add('room', [file('a'), file('b'), file('c', 0)]);
		await running[0]?.done();
		const files = uploads.take('room', 'c1');
		expect(files.map(({ name, attachment: made }) => [name, made?.id])).toEqual([
			['a', 'u-a'],
			['b', undefined],
		]);
		expect(statuses()).toEqual(['c refused']);
		await running[1]?.done();
		expect(told.map(([client_id, { id }]) => [client_id, id])).toEqual([['c1', 'f2']]);
	});

	it('forgets them with their message', () => {
		const { uploads, running, dropped } = setUp();
		uploads.add('room', [file('a')]);
		uploads.take('room', 'c1');
		uploads.keepFor(new Set(['c1']));
		expect(uploads.list).toHaveLength(1);
		uploads.keepFor(new Set());
		expect(uploads.list).toHaveLength(0);
		expect(running[0]?.signal.aborted).toBe(true);
		expect(dropped).toEqual(['blob:a']);
	});
});

describe('a reload', () => {
	it('keeps what was uploaded, for a day', async () => {
		const before = setUp();
		before.uploads.add('room', [file('a'), file('b')]);
		await before.running[0]?.done();
		expect(setUp(before.storage).statuses()).toEqual(['a done']);
		const late = new FakeClock();
		late.advance(23 * 3_600_000);
		expect(setUp(before.storage, late).statuses()).toEqual([]);
	});

	it('does not bring back what was sent or removed', async () => {
		const { uploads, running, storage } = setUp();
		uploads.add('room', [file('a'), file('b')]);
		await running[0]?.done();
		await running[1]?.done();
		uploads.remove('f1');
		expect(setUp(storage).statuses()).toEqual(['b done']);
		const other = setUp(storage);
		uploads.take('room', 'c1');
		expect(Object.keys(storage)).toEqual([]);
		other.uploads.stored('charla.files.me.room', null);
		expect(other.statuses()).toEqual([]);
	});

	it('stands what it cannot read', () => {
		expect(setUp(fakeStorage({ 'charla.files.me.room': '{"a":1}' })).statuses()).toEqual([]);
	});
});
