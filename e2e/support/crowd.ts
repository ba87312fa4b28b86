import type { Account, Message, Room } from './account.ts';

/** So many are on their way at once; the server puts them into few transactions. */
const AT_ONCE = 48;

/** Fills a room fast. In which order they come in, `history` says. */
export async function fill(people: Account[], room: Room, count: number, name = 'Message') {
	let next = 1;
	const send = async () => {
		for (let i = next++; i <= count; i = next++) {
			const more = i % 9 === 0 ? '\n\nwith a second paragraph\n\nand a third' : '';
			await people[i % people.length]?.send(room, `${name} ${i}${more}`);
		}
	};
	await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, send));
}

/** Everything that is said in a room, oldest first. */
export async function history(account: Account, room: Room): Promise<Message[]> {
	const path = `/api/v1/chat/rooms/${room.id}/messages/?limit=200`;
	const all: Message[] = [];
	for (let place = ''; ; place = `&before=${all[0]?.id}`) {
		const page = await account.call<{ results: Message[]; next: string | null }>(
			'GET',
			path + place,
		);
		all.unshift(...page.results);
		if (!page.next) return all;
	}
}
