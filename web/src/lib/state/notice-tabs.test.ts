import { beforeEach, expect, it } from 'vitest';
import { settled } from '$lib/testing/fake-clock';
import { NoticeTabs, type TabLocks } from './notice-tabs';

interface Wish {
	name: string;
	mode: string;
	start(): void;
}

/** Locks that several tabs share, as those of a browser. */
class FakeLocks {
	#held: Wish[] = [];
	#waiting: Wish[] = [];

	readonly locks = {
		request: (name: string, { mode = 'exclusive' }: LockOptions, task: () => Promise<void>) =>
			new Promise<void>((done) => {
				const wish: Wish = {
					name,
					mode,
					start: () => {
						this.#held.push(wish);
						void task().then(() => {
							this.#held = this.#held.filter((other) => other !== wish);
							done();
							this.#next();
						});
					},
				};
				this.#waiting.push(wish);
				this.#next();
			}),
		query: async () => ({ held: this.#held.map(({ name }) => ({ name })), pending: [] }),
	} as unknown as TabLocks;

	#next(): void {
		for (const wish of this.#waiting) {
			const others = this.#held.filter(({ name }) => name === wish.name);
			if (others.some(({ mode }) => mode === 'exclusive' || wish.mode === 'exclusive')) continue;
			this.#waiting = this.#waiting.filter((other) => other !== wish);
			wish.start();
		}
	}
}

let locks: TabLocks;

beforeEach(() => (locks = new FakeLocks().locks));

it('one tab tells; when it goes, the next', async () => {
	const [one, other] = [new NoticeTabs(locks, 'ana'), new NoticeTabs(locks, 'ana')];
	const end = one.start();
	other.start();
	expect([one.leads, other.leads]).toEqual([true, false]);
	end();
	await settled();
	expect([one.leads, other.leads]).toEqual([false, true]);
});

it('who has left before it was their turn does not lead', async () => {
	const [one, other] = [new NoticeTabs(locks, 'ana'), new NoticeTabs(locks, 'ana')];
	const end = one.start();
	other.start()();
	end();
	await settled();
	expect(other.leads).toBe(false);
});

it('knows of the rooms that others show', async () => {
	const [one, other] = [new NoticeTabs(locks, 'ana'), new NoticeTabs(locks, 'ana')];
	const stranger = new NoticeTabs(locks, 'luis');
	one.look('garden');
	stranger.look('harbour');
	expect(await one.isLookedAt('garden')).toBe(true);
	expect(await other.isLookedAt('garden')).toBe(true);
	expect(await other.isLookedAt('harbour')).toBe(false);
	other.look('garden');
	one.look('harbour');
	await settled();
	expect(await one.isLookedAt('garden')).toBe(true);
	other.look(null);
	await settled();
	expect(await one.isLookedAt('garden')).toBe(false);
	expect(await other.isLookedAt('harbour')).toBe(true);
});

it('without locks each tab tells, and knows of itself', async () => {
	const tabs = new NoticeTabs(null, 'ana');
	const end = tabs.start();
	tabs.look('garden');
	expect(tabs.leads).toBe(true);
	expect(await tabs.isLookedAt('garden')).toBe(true);
	expect(await tabs.isLookedAt('harbour')).toBe(false);
	end();
	expect(tabs.leads).toBe(false);
	expect(await tabs.isLookedAt('garden')).toBe(false);
});
