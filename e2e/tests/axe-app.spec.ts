import { PASSWORD } from '../support/account.ts';
import { check } from '../support/axe.ts';
import { installed } from '../support/kept.ts';
import { lose } from '../support/offline.ts';
import { Releases } from '../support/releases.ts';
import { expect, test } from '../support/test.ts';
import { refused, SERVER_AWAY } from '../support/watch.ts';

test.use({ serviceWorkers: 'allow' });

test('axe finds nothing where there is no connection', async ({
	server,
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(SERVER_AWAY);
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	await installed(window);
	await lose(server, [window]);
	await window.send('Later');
	await expect(window.page.getByText(t.plural('connection.waiting', 1))).toBeVisible();
	await check(window, 'not connected');
	await window.button('connection.retry').click();
	await expect(window.button('connection.trying')).toBeVisible();

	// Nothing is kept of who has just signed in elsewhere.
	await window.page.evaluate(() => localStorage.setItem('charla.user', crypto.randomUUID()));
	await window.page.goto('/');
	await expect(window.page.getByText(t('error.network'))).toBeVisible();
	await check(window, 'server away');
	await server.start();
});

test('axe finds nothing where a new version is ready', async ({
	server,
	open,
	person,
	watch,
	t,
}) => {
	watch.allow(SERVER_AWAY, /request to another origin: (http|ws):\/\/127\.0\.0\.1/);
	const releases = await Releases.before(server);
	try {
		await person('Ana Ruiz');
		const window = await open(null, `${releases.url}/sign-in`);
		await window.signIn('anaruiz', PASSWORD);
		await installed(window);
		await releases.release();
		await window.page.evaluate(async () => {
			await (await navigator.serviceWorker.getRegistration())?.update();
		});
		await expect(window.page.getByText(t('update.ready'))).toBeVisible();
		await check(window, 'new version');
	} finally {
		releases.close();
	}
});

test('axe finds nothing on the pages of what went wrong', async ({ open, watch, t }) => {
	watch.allow(refused(404), /ERR_FAILED|Unable to preload|dynamically imported/);
	const window = await open(null, '/no/such/page');
	await expect(window.heading(t('error.page.title'))).toBeVisible();
	await check(window, 'page not found');
	// A part of the client that cannot be had.
	await window.page.goto('/sign-in');
	await expect(window.button('auth.sign_in')).toBeVisible();
	await window.page.route('**/_app/immutable/**', (route) => route.abort());
	await window.page.getByRole('link', { name: t('auth.sign_up') }).click();
	await expect(window.heading(t('error.unknown'))).toBeVisible();
	await check(window, 'something went wrong');
});
