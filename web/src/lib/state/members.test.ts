import { expect, it } from 'vitest';
import type { Member, Page } from '$lib/api/types';
import { Members } from './members.svelte';

const member = (name: string): Member => ({
	user: {
		id: name,
		username: name.toLowerCase(),
		display_name: name,
		avatar_url: null,
		is_bot: false,
	},
	role: 'member',
	joined_at: new Date(0).toISOString(),
	last_read_at: null,
	last_read_message_id: null,
});

/** Two members a page, of those that are there at the time. */
function fake(names: string[]) {
	const page = (from: number): Page<Member> => ({
		results: names.slice(from, from + 2).map(member),
		next: from + 2 < names.length ? String(from + 2) : null,
		previous: null,
	});
	return new Members({
		first: () => Promise.resolve(page(0)),
		more: (next) => Promise.resolve(page(Number(next))),
	});
}

const shown = (members: Members) => members.list.map(({ user }) => user.display_name);

it('goes on page by page', async () => {
	const members = fake(['Ana', 'Ben', 'Carla', 'Dora', 'Éva']);
	await members.load();
	expect(shown(members)).toEqual(['Ana', 'Ben']);
	await members.more();
	expect(shown(members)).toHaveLength(4);
	await members.all();
	expect(shown(members)).toHaveLength(5);
	expect(members.found('eva').map(({ user }) => user.id)).toEqual(['Éva']);
});

it('has as many as before when it is loaded again', async () => {
	const names = ['Ana', 'Ben', 'Carla', 'Dora', 'Eva'];
	const members = fake(names);
	await members.load();
	await members.more();
	names.splice(1, 1);
	await members.load();
	expect(shown(members)).toEqual(['Ana', 'Carla', 'Dora', 'Eva']);
});

it('says what went wrong, and can be tried again', async () => {
	let broken = true;
	const members = new Members({
		first: () =>
			broken
				? Promise.reject(new TypeError('away'))
				: Promise.resolve({ results: [member('Ana')], next: null, previous: null }),
		more: () => Promise.reject(new TypeError('away')),
	});
	await members.load();
	expect(members.failure).toBeInstanceOf(TypeError);
	broken = false;
	await members.load();
	expect(members.failure).toBeNull();
	expect(shown(members)).toEqual(['Ana']);
});
