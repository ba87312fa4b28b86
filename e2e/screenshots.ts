import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Account, Room } from './support/account.ts';
import { expect, test } from './support/test.ts';
import { SERVER_AWAY } from './support/watch.ts';
import type { Window } from './support/window.ts';
import { wordsOf } from './support/words.ts';

const FOLDER = join(import.meta.dirname, '../screenshots');

/** Takes pictures, named after project and state. */
function camera(project: string) {
	mkdirSync(FOLDER, { recursive: true });
	return async ({ page }: { page: Page }, state: string) => {
		await page.mouse.move(2, 2);
		await page.screenshot({ path: join(FOLDER, `${state}.${project}.png`) });
	};
}

interface Town {
	lucia: Account;
	tomas: Account;
	noor: Account;
	henrik: Account;
	garden: Room;
	trail: Room;
	tomasChat: Room;
}

/** Some people with something to say, in two languages. */
async function settle(person: (name: string) => Promise<Account>): Promise<Town> {
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

	await tomas.send(garden, 'Morning all! The tomatoes in plot 4 need tying up before the rain.');
	const hose = await noor.send(garden, 'I can do it after work. Is the hose still leaking?');
	await tomas.send(
		garden,
		'A bit. I left tape and two clamps in the shed:\n\n- tape on the left shelf\n- clamps in the *blue* tin',
		{
			reply_to_id: hose.id,
		},
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

	const tomasChat = await tomas.directChat(lucia);
	await tomas.send(tomasChat, '¿Te llevo las semillas de albahaca mañana?');
	await lucia.send(tomasChat, '¡Sí, por favor! Y si te sobra perejil, también.');
	await tomas.send(tomasChat, 'Hecho. Paso sobre las cinco.');
	const noorChat = await noor.directChat(lucia);
	await noor.send(noorChat, 'Did you get the key for the shed?');
	for (const room of [garden, trail, books, tomasChat]) {
		await lucia.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
	}
	return { lucia, tomas, noor, henrik, garden, trail, tomasChat };
}

test('signed out', async ({ open, person, watch, server, t }, { project }) => {
	watch.allow(/status of 4\d\d /);
	const shoot = camera(project.name);
	await person('Lucía Ferrer');
	const window = await open(null, '/rooms/x');
	await expect(window.button('auth.sign_in')).toBeVisible();
	await shoot(window, 'sign-in');
	await window.signIn('luciaferrer', 'guess');
	await expect(window.page.getByRole('alert')).toBeVisible();
	await shoot(window, 'sign-in-refused');
	await window.page.goto('/sign-up');
	await window.signUp('luciaferrer', 'lucia@example.org', '12345678');
	await expect(window.page.locator('.errors').first()).toBeVisible();
	await shoot(window, 'sign-up-refused');
	await window.page.goto(server.setupLink);
	await expect(window.page.getByRole('heading', { name: t('auth.setup.title') })).toBeVisible();
	await shoot(window, 'set-up');
	await window.page.goto('/setup');
	await window.page.reload();
	await expect(window.page.getByText(t('auth.setup.no_token'))).toBeVisible();
	await shoot(window, 'set-up-no-token');
	await window.page.goto('/no/such/page');
	await expect(window.page.getByText(t('error.page.title'))).toBeVisible();
	await shoot(window, 'page-not-found');
	await window.page.goto('/api/docs/');
	await expect(
		window.page.getByRole('heading', { name: 'Charla', exact: true }).first(),
	).toBeVisible();
	await shoot(window, 'api-reference');
});

test('rooms', async ({ open, person, watch, t }, { project }) => {
	watch.allow(/status of 4\d\d /);
	const shoot = camera(project.name);
	const town = await settle(person);
	const newcomer = await open(await person('Iris Novak'));
	await expect(newcomer.page.getByText(t('rooms.empty'))).toBeVisible();
	await shoot(newcomer, 'rooms-empty');
	await newcomer.page.close();

	const others = await open(town.tomas, `/rooms/${town.tomasChat.id}`);
	const window = await open(town.lucia);
	await expect(window.roomLine('Tomás Abad').locator('.dot.online')).toBeVisible();
	await shoot(window, 'rooms');
	await openAndShoot(window, town, shoot);

	// Live.
	await window.page.goto(`/rooms/${town.tomasChat.id}`);
	await expect(window.message('Hecho')).toBeVisible();
	await window.send('¡Genial! Te espero con café.');
	await expect(others.message('¡Genial!')).toBeVisible();
	await others.composer.pressSequentially('Que sea ');
	await expect(window.page.getByText(t('typing.one', { name: 'Tomás Abad' }))).toBeVisible();
	await shoot(window, 'typing');

	await town.lucia.call('PATCH', '/api/v1/users/me/', { language: 'es' });
	const spanish = wordsOf('es');
	await window.page.evaluate(() => localStorage.setItem('charla.language', 'es'));
	await window.page.reload();
	await expect(window.page.getByText(spanish('message.placeholder'))).toHaveCount(0);
	await expect(window.page.getByPlaceholder(spanish('message.placeholder'))).toBeVisible();
	await expect(window.page.getByText('¡Genial! Te espero con café.').last()).toBeVisible();
	await shoot(window, 'in-spanish');
});

async function openAndShoot(window: Window, town: Town, shoot: ReturnType<typeof camera>) {
	const { page, t, dialog } = window;
	const search = () => dialog.getByRole('searchbox', { name: t('people.find') });
	await window.account.click();
	await expect(page.getByRole('menuitem', { name: t('auth.sign_out') })).toBeVisible();
	await shoot(window, 'account');
	await page.keyboard.press('Escape');

	await window.button('rooms.new_chat').click();
	await search().fill('no');
	await expect(dialog.getByText('@noorhaddad')).toBeVisible();
	await shoot(window, 'new-chat');
	await window.button('action.close', dialog).click();

	await window.button('rooms.new_group').click();
	await dialog.getByLabel(t('group.name')).fill('Harvest dinner');
	await search().fill('h');
	await dialog.locator(`button[data-user-id="${town.henrik.id}"]`).click();
	await shoot(window, 'new-group');
	await window.button('action.cancel', dialog).click();

	await page.getByRole('link', { name: t('rooms.browse') }).click();
	await expect(page.getByText('Bike kitchen')).toBeVisible();
	await shoot(window, 'browse');
	await page.getByRole('searchbox', { name: t('browse.search') }).fill('chess');
	await expect(page.getByText(t('browse.none'))).toBeVisible();
	await shoot(window, 'browse-none');

	await page.goto(`/rooms/${town.garden.id}`);
	await expect(window.message('Thank you both!')).toBeVisible();
	await shoot(window, 'group');
	const mine = window.message('I have a spare connector');
	if (window.touch) await mine.tap();
	else await mine.hover();
	await page.screenshot({ path: join(FOLDER, `message-actions.${test.info().project.name}.png`) });
	await window.act(mine, 'edit');
	await shoot(window, 'editing');
	await window.button('action.cancel').click();
	await window.act(window.message('Thank you both!'), 'reply');
	await window.composer.fill(
		'Good to know, I was holding it far too long.\n\nI’ll write it on the shed door.',
	);
	await shoot(window, 'replying');
	await window.composer.fill('');
	await window.button('action.cancel').click();
	await window.menu(mine);
	await shoot(window, 'message-menu');
	await page.keyboard.press('Escape');
	await window.button('room.details').click();
	await expect(dialog.locator('li[data-user-id]')).toHaveCount(4);
	await shoot(window, 'details');
	await window.button('room.leave', dialog).click();
	await expect(dialog.last().getByText(t('room.leave.text'))).toBeVisible();
	await shoot(window, 'leaving');

	await page.goto(`/rooms/01900000-0000-7000-8000-000000000000`);
	await expect(page.getByText(t('room.not_found'))).toBeVisible();
	await shoot(window, 'room-not-found');
	const film = await town.henrik.group('Film night', [], {
		visibility: 'public',
		topic: 'One film a week, popcorn included',
	});
	await page.goto(`/rooms/${film.id}`);
	await expect(window.button('browse.join')).toBeVisible();
	await shoot(window, 'room-not-joined');

	// Unread in a room that is opened, and in others.
	for (const text of [
		'Gate code changed, ask me for the new one.',
		'And the **compost** is full again!',
	]) {
		await town.noor.send(town.trail, text);
	}
	await town.tomas.send(town.garden, 'Who has the wheelbarrow?');
	await page.goto('/');
	await expect(window.unreadOf('Sunday trail')).toHaveAttribute('data-unread', '2');
	await window.openRoom('Sunday trail');
	await expect(page.getByText(t('timeline.new'))).toBeVisible();
	await shoot(window, 'unread');

	await town.henrik.call('DELETE', `/api/v1/chat/rooms/${town.trail.id}/`);
	await expect(page.getByText(t('room.closed'))).toBeVisible();
	await shoot(window, 'room-closed');
}

test('without the server', async ({ open, person, watch, server }, { project }) => {
	watch.allow(SERVER_AWAY, /ERR_INTERNET_DISCONNECTED/);
	const shoot = camera(project.name);
	const { lucia, tomas, garden } = await settle(person);
	const window = await open(lucia, `/rooms/${garden.id}`);
	await expect(window.message('Thank you both!')).toBeVisible();
	await server.stop('SIGTERM');
	await expect(window.offlineNote).toBeVisible();
	await window.send('I’ll take the wheelbarrow home for the weekend.');
	await window.send('Back on Monday, promise.');
	await shoot(window, 'offline');
	await server.start();
	await expect(window.message('Back on Monday')).toHaveAttribute('data-status', 'sent');
	await shoot(window, 'online-again');

	// Refused for good: the room was closed while the message waited.
	await server.stop('SIGTERM');
	await expect(window.offlineNote).toBeVisible();
	await window.send('One more thing…');
	await window.page.context().setOffline(true);
	await server.start();
	await tomas.call('DELETE', `/api/v1/chat/rooms/${garden.id}/`);
	await window.page.context().setOffline(false);
	await expect(window.message('One more thing')).toHaveAttribute('data-status', 'failed');
	await shoot(window, 'refused');
});
