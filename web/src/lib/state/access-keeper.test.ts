import { expect, it } from 'vitest';
import { FakeClock, settled } from '$lib/testing/fake-clock';
import { AccessKeeper } from './access-keeper';

function setUp() {
	const clock = new FakeClock();
	const world = { due: false, wanted: true, renewals: 0, answers: true };
	const keeper = new AccessKeeper({
		clock,
		wanted: () => world.wanted,
		due: () => world.due,
		renew() {
			world.renewals++;
			if (!world.answers) return new Promise(() => undefined);
			world.due = false;
			return Promise.resolve();
		},
	});
	keeper.look();
	const pass = async (ms: number) => {
		clock.advance(ms);
		await settled();
	};
	return { keeper, world, pass };
}

it('renews what is due, once', async () => {
	const { world, pass } = setUp();
	await pass(60_000);
	expect(world.renewals).toBe(0);
	world.due = true;
	await pass(120_000);
	expect(world.renewals).toBe(1);
	world.due = true;
	await pass(30_000);
	expect(world.renewals).toBe(2);
});

it('leaves it as it is where nobody looks at anything that needs it', async () => {
	const { world, keeper, pass } = setUp();
	Object.assign(world, { due: true, wanted: false });
	await pass(3_600_000);
	expect(world.renewals).toBe(0);
	world.wanted = true;
	keeper.look();
	expect(world.renewals).toBe(1);
});

it('asks for nothing while an answer is on its way, nor after its end', async () => {
	const { world, keeper, pass } = setUp();
	Object.assign(world, { due: true, answers: false });
	await pass(600_000);
	expect(world.renewals).toBe(1);
	keeper.stop();
	await pass(600_000);
	expect(world.renewals).toBe(1);
});
