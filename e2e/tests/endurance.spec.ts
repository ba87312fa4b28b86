import type { Account, Room } from '../support/account.ts';
import { history } from '../support/crowd.ts';
import { SlowLine } from '../support/slow-line.ts';
import { expect, test } from '../support/test.ts';
import { SERVER_AWAY } from '../support/watch.ts';

const RESTARTS = 10;
/** As on the edge of a mobile network. */
const POOR = { latency: 400, bytes_per_second: 8_000 };
const GOOD = { latency: 20, bytes_per_second: 1_000_000 };
/** Longer than the longest pause between two attempts to connect. */
const RECONNECTED = { timeout: 60_000 };

/** Says something as often as it takes: the same `client_id` is stored once. */
async function insist(account: Account, room: Room, text: string): Promise<void> {
	const client_id = crypto.randomUUID();
	for (;;) {
		try {
			await account.send(room, text, { client_id });
			return;
		} catch {
			await new Promise((go) => setTimeout(go, 50));
		}
	}
}

test(
	'ten restarts, a network that is cut and slowed: every message once, in order',
	{ tag: '@desktop' },
	async ({ server, open, person, watch, t }) => {
		test.setTimeout(300_000);
		watch.allow(SERVER_AWAY, /ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ERR_ABORTED/);
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const carla = await person('Carla');
		const room = await ana.group('Harbour', [ben, carla]);
		const line = await SlowLine.to(server.url);
		watch.allow(new RegExp(`another origin: \\w+://${new URL(line.url).host}/`));
		const hers = await open(ana, `${line.url}/rooms/${room.id}`);
		// He reads something older all the while.
		for (let i = 1; i <= 40; i++) await ben.send(room, `Before ${i}`);
		await ben.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
		const his = await open(ben, `/rooms/${room.id}`);
		await expect(hers.message('Before 40')).toBeVisible();
		await expect(his.message('Before 40')).toBeVisible();
		await his
			.message('Before 5')
			.first()
			.evaluate((one) => one.scrollIntoView());
		await expect(his.page.getByRole('button', { name: t('timeline.jump') })).toBeVisible();

		const written: string[] = [];
		for (let round = 1; round <= RESTARTS; round++) {
			const texts = (who: string) => [1, 2, 3].map((n) => `${who} ${round}.${n}`);
			const sending = [
				...texts('Ben').map((text) => insist(ben, room, text)),
				...texts('Carla').map((text) => insist(carla, room, text)),
			];
			written.push(...texts('Ben'), ...texts('Carla'), `Ana ${round}`);
			const offline = round % 3 === 1;
			line.quality = round % 2 ? POOR : GOOD;
			if (offline) await hers.page.context().setOffline(true);
			else line.cut();
			await server.stop(round % 3 ? 'SIGKILL' : 'SIGTERM');
			await hers.send(`Ana ${round}`);
			await server.start();
			const late = insist(carla, room, `Late ${round}`);
			written.push(`Late ${round}`);
			if (offline) await hers.page.context().setOffline(false);
			await Promise.all([...sending, late]);
			if (round % 4 === 0) {
				// Now and then somebody changes their mind.
				const mine = (await history(ben, room)).filter(
					({ sender, content }) => sender.username === ben.username && content.startsWith('Ben'),
				);
				await ben.call('PATCH', `/api/v1/chat/messages/${mine[0]?.id}/`, {
					content: `${mine[0]?.content} edited`,
				});
			}
		}
		line.quality = GOOD;
		for (const window of [hers, his]) {
			await expect(window.offlineNote).toHaveCount(0, RECONNECTED);
		}
		await expect(hers.message(`Ana ${RESTARTS}`)).toHaveAttribute(
			'data-status',
			/sent|read/,
			RECONNECTED,
		);

		const stored = (await history(ana, room)).filter(({ content }) => content !== '');
		const said = stored
			.map(({ content }) => content)
			.filter((text) => /^(Ana|Ben|Carla|Late) \d/.test(text));
		expect(said.map((text) => text.replaceAll(' edited', '')).sort()).toEqual(written.sort());
		const mine = said.filter((text) => text.startsWith('Ana'));
		expect(mine).toEqual(mine.map((_, index) => `Ana ${index + 1}`));

		// What each window holds is what a fresh one is given.
		await carla.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
		const fresh = await open(carla, `/rooms/${room.id}`);
		for (const window of [hers, his, fresh]) {
			const jump = window.page.getByRole('button', { name: t('timeline.jump') });
			if (await jump.isVisible()) await jump.click();
			await expect(window.message(stored.at(-1)?.content ?? '')).toBeVisible(RECONNECTED);
			const wanted = stored.map(({ content }) => content);
			await expect
				.poll(async () => {
					const shown = await window.texts();
					return wanted.slice(-shown.length).join('\n') === shown.join('\n') ? shown.length : shown;
				}, RECONNECTED)
				.toBeGreaterThanOrEqual(50);
		}
		line.close();
	},
);
