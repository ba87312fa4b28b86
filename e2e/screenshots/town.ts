import type { Account, Message, Room } from '../support/account.ts';
import { png, wav } from '../support/media.ts';

export interface Town {
	lucia: Account;
	tomas: Account;
	noor: Account;
	henrik: Account;
	garden: Room;
	trail: Room;
	books: Room;
	tomasChat: Room;
}

type Person = (name: string) => Promise<Account>;

/** Some people with something to say, in two languages. */
export async function settle(person: Person): Promise<Town> {
	const lucia = await person('Lucía Ferrer');
	const tomas = await person('Tomás Abad');
	const noor = await person('Noor Haddad');
	const henrik = await person('Henrik Lund');
	const garden = await tomas.group('Community garden', [lucia, noor, henrik], {
		visibility: 'public',
		topic: 'Plots, tools and who waters when',
	});
	const trail = await henrik.group('Sunday trail', [lucia, noor], {
		topic: 'Up early, back for lunch',
	});
	const books = await noor.group('Club de lectura', [lucia], {
		visibility: 'public',
		topic: 'Un libro al mes, en español',
	});
	await tomas.group('Bike kitchen', [], {
		visibility: 'public',
		topic: 'Repairs on Thursdays, bring your own bolts',
	});
	await henrik.group('Radio hams', [], {
		visibility: 'public',
		topic: '145.500 MHz, most evenings',
	});

	await noor.send(books, '¿Seguimos con *Pedro Páramo* el jueves? Yo voy por la mitad.');
	await lucia.send(books, 'Perfecto, el jueves a las siete en mi casa.');
	await henrik.send(trail, 'Weather looks good: **8 °C at the pass**, no wind.');
	await noor.send(trail, 'I bring the thermos ☕');
	await lucia.send(trail, 'I’m in. Same meeting point?');
	await henrik.send(trail, 'Yes, car park at 7:30. Bring layers.');

	const tomasChat = await tomas.directChat(lucia);
	await tomas.send(tomasChat, '¿Te llevo las semillas de albahaca mañana?');
	await lucia.send(tomasChat, '¡Sí, por favor! Y si te sobra perejil, también.');
	await tomas.send(tomasChat, 'Hecho. Paso sobre las cinco.');
	const noorChat = await noor.directChat(lucia);
	await noor.send(noorChat, 'Did you get the key for the shed?');

	await tomas.send(garden, 'Morning all! The tomatoes in plot 4 need tying up before the rain.');
	const hose = await noor.send(garden, 'I can do it after work. Is the hose still leaking?');
	await tomas.send(
		garden,
		'A bit. I left tape and two clamps in the shed:\n\n- tape on the left shelf\n- clamps in the *blue* tin',
		{ reply_to_id: hose.id },
	);
	await lucia.send(garden, 'I have a spare connector too, I’ll drop it off at six.');
	await henrik.send(
		garden,
		'The watering plan for next week:\n\n| day | who |\n|---|---|\n| Mon, Tue | Noor |\n| Wed, Thu | Lucía |\n| Fri – Sun | Henrik |',
	);
	await lucia.send(
		garden,
		'Works for me 👍 Details of the timer are at https://example.org/drip-timer',
	);
	const wrong = await noor.send(garden, 'Wrong room, sorry');
	await noor.call('DELETE', `/api/v1/chat/messages/${wrong.id}/`);
	await tomas.send(
		garden,
		'Thank you both! The timer wants `P3` held for five seconds, then `OK`.',
	);
	for (const room of [garden, trail, books, tomasChat]) {
		await lucia.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
	}
	return { lucia, tomas, noor, henrik, garden, trail, books, tomasChat };
}

/** Hangs on the messages of the garden all that may hang on messages; gives the one that has a thread. */
export async function furnish({ lucia, tomas, noor, henrik, garden }: Town): Promise<Message> {
	const file = async (from: Account, name: string, type: string, bytes: Buffer) =>
		(await from.upload(name, type, bytes)).id;
	const asked = await noor.send(
		garden,
		'@luciaferrer, could you look at [the plan](https://example.org/plan)? @tomasabad has the key.',
	);
	for (const [who, emoji] of [
		[lucia, '🌱'],
		[tomas, '🌱'],
		[henrik, '👍'],
	] as const) {
		const path = `/api/v1/chat/messages/${asked.id}/reactions/${encodeURIComponent(emoji)}/`;
		await who.call('PUT', path);
	}
	for (const [who, text] of [
		[lucia, 'Looks right to me, I would only swap the beans and the peas.'],
		[tomas, 'Good idea. The beans want the wall.'],
	] as const) {
		await who.send(garden, text, { reply_to_id: asked.id });
	}
	await noor.send(
		garden,
		'```rust\n/// Litres for a bed of so many square metres.\nfn litres(area: f32, dry: bool) -> f32 {\n    let base = 4.5 * area; // a can a metre\n    if dry { base * 1.6 } else { base }\n}\n```',
	);
	await henrik.send(garden, 'From this morning', {
		attachment_ids: [
			await file(henrik, 'plot.png', 'image/png', png(600, 400)),
			await file(henrik, 'wall.png', 'image/png', png(400, 600, 40)),
			await file(henrik, 'path.png', 'image/png', png(500, 400, 120)),
		],
	});
	await tomas.send(garden, '', {
		attachment_ids: [
			await file(tomas, 'beehive.wav', 'audio/wav', wav(3)),
			await file(tomas, 'seeds-and-saplings-2026.csv', 'text/csv', Buffer.from('a,b\n')),
		],
	});
	await tomas.send(garden, '> Is the water on?\n\nSince Monday, yes. ~~Tuesday~~');
	await noor.send(garden, '🎉');
	const hour = await lucia.send(garden, 'I am there at five');
	await lucia.call('PATCH', `/api/v1/chat/messages/${hour.id}/`, { content: 'I am there at six' });
	await tomas.call('POST', `/api/v1/chat/rooms/${garden.id}/pins/`, { message_id: asked.id });
	await lucia.call('POST', `/api/v1/chat/rooms/${garden.id}/mark_all_read/`);
	return asked;
}
