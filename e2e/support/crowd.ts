import type { Browser } from '@playwright/test';
import type { Account, Message, Room } from './account.ts';
import type { Server } from './server.ts';
import { stateOf } from './test.ts';

/** So many are on their way at once; the server puts them into few transactions. */
const AT_ONCE = 48;
/** Over a socket each of them costs far less. */
const AT_ONCE_BY_SOCKET = 256;

/** Fills a room fast. In which order they come in, `history` says. */
export async function fill(people: Account[], room: Room, count: number, name = 'Message') {
	let next = 1;
	const send = async () => {
		for (let i = next++; i <= count; i = next++) {
			await people[i % people.length]?.send(room, textOf(name, i));
		}
	};
	await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, send));
}

const textOf = (name: string, i: number) =>
	`${name} ${i}${i % 9 === 0 ? '\n\nwith a second paragraph\n\nand a third' : ''}`;

/** The same for tens of thousands: each of them writes over a socket of their own, which a browser is far quicker with. */
export async function pour(
	browser: Browser,
	server: Server,
	people: Account[],
	room: Room,
	count: number,
) {
	const texts = Array.from({ length: count }, (_, i) => textOf('Message', i + 1));
	const write = async (person: Account, place: number) => {
		const own = texts.filter((_, i) => i % people.length === place);
		const context = await browser.newContext({ storageState: stateOf(server.url, person) });
		const page = await context.newPage();
		// A page of the same origin in which nothing else goes on.
		await page.goto(`${server.url}/mark.svg`);
		await page.evaluate(sendAll, [room.id, own, AT_ONCE_BY_SOCKET] as const);
		await context.close();
	};
	await Promise.all(people.map(write));
}

/** Runs in the page. */
function sendAll([room_id, texts, atOnce]: readonly [string, string[], number]): Promise<void> {
	return new Promise((done, fail) => {
		const socket = new WebSocket('/ws/');
		let [sent, committed] = [0, 0];
		const go = () => {
			for (; sent < texts.length && sent - committed < atOnce; sent++) {
				const client_id = crypto.randomUUID();
				const content = texts[sent];
				socket.send(JSON.stringify({ action: 'send_message', room_id, client_id, content }));
			}
			if (committed === texts.length) done();
		};
		socket.onmessage = ({ data }: MessageEvent<string>) => {
			const { type } = JSON.parse(data) as { type: string };
			if (type === 'ack') committed++;
			if (type === 'error') fail(new Error(data));
			else if (type === 'ack' || type === 'hello') go();
		};
		socket.onclose = () => fail(new Error('the socket has closed'));
	});
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
