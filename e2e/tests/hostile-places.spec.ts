import type { Page } from '@playwright/test';
import type { Account, Message, Room } from '../support/account.ts';
import { HOSTILE_TEXTS } from '../support/hostile-texts.ts';
import { administrator } from '../support/staff.ts';
import { expect, test } from '../support/test.ts';

/** Of a length that names may have, and on one line. */
const PROFILES = HOSTILE_TEXTS.filter(
	(text) => text.length <= 90 && !/\s{2}|[\n\t\u0001\u2028]/.test(text),
)
	.filter((_, index) => index % 2 === 0)
	.slice(0, 20);
const HOSTILE = /onerror|onload|script|evil\.example|parent\.ran/i;

/** Somebody for each hostile profile, whose name and biography it is. */
async function crowdOf(person: (name: string) => Promise<Account>): Promise<Account[]> {
	const crowd: Account[] = [];
	for (const [index, text] of PROFILES.entries()) {
		const account = await person(`Guest ${String.fromCodePoint(97 + index)}`);
		await account.call('PATCH', '/api/v1/users/me/', { display_name: text, bio: text });
		crowd.push(account);
	}
	return crowd;
}

/** Every text in one room, by one after the other, each an answer to the one before. */
async function talk(room: Room, crowd: Account[]): Promise<Message[]> {
	const messages: Message[] = [];
	for (const [index, text] of HOSTILE_TEXTS.entries()) {
		const before = messages.at(-1);
		const more = before ? { reply_to_id: before.id } : {};
		const sender = crowd[index % crowd.length] as Account;
		messages.push(await sender.send(room, `@anaruiz ${text}`, more));
	}
	return messages;
}

test(
	'nothing runs, and nothing leaves, wherever hostile texts and profiles are shown',
	{ tag: '@desktop' },
	async ({ server, open, person, watch }) => {
		test.setTimeout(300_000);
		expect(PROFILES).toHaveLength(20);
		const chief = await administrator(server);
		const ana = await person('Ana Ruiz');
		const crowd = await crowdOf(person);
		const room = await ana.group('Laboratory', crowd);
		const messages = await talk(room, crowd);
		const [first] = messages as [Message];
		const [guest] = crowd as [Account];
		for (const message of messages.slice(0, 5)) {
			await ana.call('POST', `/api/v1/chat/rooms/${room.id}/pins/`, { message_id: message.id });
		}
		const changed = `/api/v1/chat/messages/${first.id}/`;
		await guest.call('PATCH', changed, { content: HOSTILE_TEXTS[1] as string });
		const [name] = PROFILES as [string];
		const file = await guest.upload(
			`${name.replaceAll('/', '')}.txt`,
			'text/plain',
			Buffer.from('x'),
		);
		await guest.send(room, name, { attachment_ids: [file.id] });
		for (const [index, text] of PROFILES.entries()) {
			const account = crowd[index] as Account;
			await account.call('POST', '/api/v1/friends/requests/', { user_id: ana.id });
			const one = await account.group(text, [ana], { topic: text, visibility: 'public' });
			const direct = await account.directChat(ana);
			await account.send(direct, text);
			await ana.call('PUT', `/api/v1/chat/rooms/${one.id}/draft/`, { content: text });
			await ana.call('POST', '/api/v1/reports/', {
				user_id: account.id,
				reason: 'spam',
				note: text,
			});
		}
		const warned = `/api/v1/admin/users/${guest.id}/sanctions/`;
		await chief.call('POST', warned, { kind: 'warning', reason: name });
		await chief.call('PATCH', '/api/v1/users/me/', { display_name: name });

		const window = await open(ana, `/rooms/${room.id}?message=${first.id}`);
		const { page } = window;
		const seen = new Set<string>();
		for (let index = 0; index < messages.length; index += 10) {
			await page.goto(`/rooms/${room.id}?message=${messages[index]?.id}`);
			await expect(page.locator(`[data-message-id="${messages[index]?.id}"]`)).toBeVisible();
			for (const text of await window.texts()) seen.add(text);
			await expectQuiet(page);
		}
		expect(seen.size).toBeGreaterThanOrEqual(60);

		const panels = ['members', 'pins', 'files', 'details', `thread&of=${first.id}`];
		const places = [
			...panels.map((panel) => `/rooms/${room.id}?panel=${panel}`),
			'/search?q=onerror',
			'/inbox',
			'/browse',
			'/friends',
			...crowd.map(({ id }) => `/people/${id}`),
		];
		for (const place of places) await expectShown(page, place);
		await page.goto(`/rooms/${room.id}`);
		await expect(window.composer).toBeFocused();
		await page.keyboard.press('Control+k');
		await expect(window.dialog.getByText(HOSTILE).first()).toBeVisible();
		await page.keyboard.press('Escape');
		await window.composer.pressSequentially('@');
		await expect(page.getByRole('listbox').getByText(HOSTILE).first()).toBeVisible();
		await expectQuiet(page);

		const staff = await open(chief, '/admin/reports');
		for (const place of [
			'/admin/reports',
			'/admin/people',
			`/admin/people/${guest.id}`,
			'/admin/rooms',
			'/admin/audit',
		]) {
			await expectShown(staff.page, place);
		}

		// What is only tried is refused, and the watch notices it.
		expect(watch.problems).toEqual([]);
		await page.evaluate(() => (document.createElement('p').innerHTML = '<img>')).catch(() => null);
		await expect.poll(() => watch.problems.splice(0)).not.toEqual([]);
	},
);

/** Goes there, where hostile text has to be on the page: else nothing would be proven. */
async function expectShown(page: Page, place: string): Promise<void> {
	await page.goto(place);
	await expect(
		page.getByRole('main').getByText(HOSTILE).filter({ visible: true }).first(),
		place,
	).toBeVisible();
	await expectQuiet(page);
}

async function expectQuiet(page: Page): Promise<void> {
	expect(await page.evaluate(() => 'ran' in window)).toBe(false);
}
