import { expect, it } from 'vitest';
import { FakeClock } from '$lib/testing/fake-clock';
import { AppVersion, type Workers } from './app-version.svelte';
import { holdVersion } from './browser-locks';

class FakeRegistration extends EventTarget {
	installing: (EventTarget & { state: ServiceWorkerState }) | null = null;
	waiting: { postMessage: (word: unknown) => void } | null = null;
	active: object | null = {};
	updates = 0;
	said: unknown[] = [];

	async update() {
		this.updates++;
	}

	find() {
		this.installing = Object.assign(new EventTarget(), { state: 'installing' as const });
		this.dispatchEvent(new Event('updatefound'));
	}

	/** What a worker that waits answers to. */
	answer: (data: unknown) => void = () => undefined;

	finish(version = '2') {
		const worker = this.installing;
		this.installing = null;
		this.waiting = {
			postMessage: (word) => {
				if ((word as { type: string }).type === 'which') this.answer({ type: 'version', version });
				else this.said.push(word);
			},
		};
		worker?.dispatchEvent(new Event('statechange'));
	}
}

async function setUp({ controlled = true, started = true } = {}) {
	const clock = new FakeClock();
	const registration = new FakeRegistration();
	const said: unknown[] = [];
	const controller = { postMessage: (word: unknown) => void said.push(word) };
	const workers = Object.assign(new EventTarget(), {
		controller: controlled ? controller : null,
		register: async () => registration,
	});
	let reloads = 0;
	const app = new AppVersion({
		workers: workers as unknown as Workers,
		clock,
		version: '1',
		reload: () => reloads++,
	});
	const tell = (data: unknown) => workers.dispatchEvent(new MessageEvent('message', { data }));
	registration.answer = tell;
	if (started) await app.start();
	const change = () => workers.dispatchEvent(new Event('controllerchange'));
	return { app, clock, registration, said, tell, change, reloads: () => reloads };
}

it('lets the worker tidy up once the page has come to rest', async () => {
	const { app, said } = await setUp();
	expect(said).toContainEqual({ type: 'rest' });
	expect(app.newer).toBe(false);
});

it('hears of a newer version that is on its way, once all of it is there', async () => {
	const { app, registration } = await setUp();
	registration.find();
	expect(app.newer).toBe(false);
	registration.finish();
	expect(app.newer).toBe(true);
});

it('hears of one that was there before', async () => {
	const { app, registration } = await setUp({ started: false });
	registration.find();
	registration.finish();
	await app.start();
	expect(app.newer).toBe(true);
});

it('is not told that the first one is newer', async () => {
	const { app, registration, said, change, tell } = await setUp({ controlled: false });
	registration.active = null;
	registration.find();
	registration.finish();
	expect(app.newer).toBe(false);
	change();
	expect(said).toEqual([]);
	tell({ type: 'version', version: '1' });
	expect(app.newer).toBe(false);
});

it('lets the newer one take over, and begins anew once it has', async () => {
	const { app, registration, change, reloads, clock } = await setUp();
	registration.find();
	registration.finish();
	app.take();
	expect(registration.said).toEqual([{ type: 'take_over' }]);
	expect(reloads()).toBe(0);
	change();
	expect(reloads()).toBe(1);
	clock.advance(0);
	expect(reloads()).toBe(1);
});

it('waits only so long', async () => {
	const { app, registration, reloads, clock } = await setUp();
	registration.find();
	registration.finish();
	app.take();
	clock.advance(10_000);
	expect(reloads()).toBe(1);
});

it('stays as it is where another tab has taken the newer one, and says so', async () => {
	const { app, said, change, tell, reloads } = await setUp();
	change();
	expect(reloads()).toBe(0);
	expect(said.at(-1)).toEqual({ type: 'which' });
	tell({ type: 'version', version: '2' });
	expect(app.newer).toBe(true);
	app.take();
	expect(reloads()).toBe(1);
});

it('says no more of one that was put off, and speaks of the next', async () => {
	const { app, registration, tell } = await setUp();
	registration.find();
	registration.finish('2');
	app.later();
	expect(app.newer).toBe(false);
	// Another tab has taken it.
	tell({ type: 'version', version: '2' });
	expect(app.newer).toBe(false);
	registration.find();
	registration.finish('3');
	expect(app.newer).toBe(true);
});

it('hears nothing once it was stopped', async () => {
	const { app, registration, tell, change, said } = await setUp();
	const before = said.length;
	registration.find();
	app.stop();
	registration.finish();
	tell({ type: 'version', version: '2' });
	change();
	expect(app.newer).toBe(false);
	expect(said).toHaveLength(before);
	await app.start();
	tell({ type: 'version', version: '2' });
	expect(app.newer).toBe(false);
});

it('takes words for others as none of its own', async () => {
	const { app, tell } = await setUp();
	tell({ type: 'open', path: '/' });
	expect(app.newer).toBe(false);
});

it('asks for a newer version now and then', async () => {
	const { app, clock, registration } = await setUp();
	await app.seen();
	expect(registration.updates).toBe(0);
	clock.advance(61 * 60_000);
	await app.seen();
	await app.seen();
	expect(registration.updates).toBe(1);
	await app.check();
	expect(registration.updates).toBe(2);
});

it('does without where there are no workers', async () => {
	let reloads = 0;
	const clock = new FakeClock();
	const app = new AppVersion({ workers: null, clock, version: '1', reload: () => reloads++ });
	await app.start();
	await app.check();
	expect(app.newer).toBe(false);
});

it('holds its version for as long as it runs', () => {
	const held: string[] = [];
	holdVersion({ hold: (name) => held.push(name) }, '1');
	holdVersion(null, '1');
	expect(held).toEqual(['charla.version.1']);
});
