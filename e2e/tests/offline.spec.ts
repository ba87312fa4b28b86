import type { Worker } from '@playwright/test';
import { installed, kept, versions } from '../support/kept.ts';
import { chromium } from '../support/chromium.ts';
import { lose, RECONNECTED } from '../support/offline.ts';
import { expect, test } from '../support/test.ts';
import { SERVER_AWAY } from '../support/watch.ts';

test.use({ serviceWorkers: 'allow', launchOptions: chromium });

test(
	'without its server the client opens, shows what was kept, and takes what is written',
	{ tag: '@main' },
	async ({ server, open, person, watch, t }) => {
		watch.allow(SERVER_AWAY);
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.directChat(ben);
		await ben.send(room, 'See you at six');
		const window = await open(ana, `/rooms/${room.id}`);
		const { page } = window;
		await expect(window.message('See you at six')).toBeVisible();
		await installed(window);
		await expect.poll(() => kept(window)).toContain('See you at six');
		await server.stop('SIGKILL');
		await page.reload();
		await expect(window.message('See you at six')).toBeVisible();
		await expect(window.offlineNote).toBeVisible();

		// Places and parts where nobody has been before.
		await window.button('emoji.open').click();
		await expect(window.dialog.getByRole('tab')).toHaveCount(9);
		await page.keyboard.press('Escape');
		await page.goto('/settings/privacy');
		await expect(window.heading(t('settings.privacy'))).toBeVisible();
		await page.goto('/friends');
		await expect(window.heading(t('friends.title'))).toBeVisible();
		await page.goto('/no/such/page');
		await expect(window.heading(t('error.page.title'))).toBeVisible();

		await page.goto(`/rooms/${room.id}`);
		await window.send('On my way');
		await expect(window.message('On my way')).toHaveAttribute('data-status', 'sending');
		await server.start();
		await expect(window.message('On my way')).toHaveAttribute('data-status', 'sent', RECONNECTED);
		await expect(window.offlineNote).toHaveCount(0);
		expect((await ana.messages(room)).filter(({ content }) => content)).toHaveLength(2);
	},
);

test('who signs out without the server leaves at once, and the server hears of it', async ({
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
	const { page, dialog } = window;
	await expect(window.composer).toBeVisible();
	await installed(window);
	await server.stop('SIGKILL');
	await window.send('On my way');
	await expect(window.message('On my way')).toHaveAttribute('data-status', 'sending');
	await window.toRooms();
	await window.signOut();
	await expect(dialog).toContainText(t('sign_out.unsent'));
	await window.button('action.cancel', dialog).click();
	await expect(dialog).toHaveCount(0);
	await window.signOut();
	await window.button('auth.sign_out', dialog).click();
	await expect(page.getByText(t('auth.farewell.owed'))).toBeVisible();
	const keys = await page.evaluate(() => Object.keys(localStorage));
	expect(keys.filter((key) => key.includes(ana.id) || key === 'charla.user')).toEqual([]);
	await server.start();
	await expect(page.getByText(t('auth.farewell.said'))).toBeVisible(RECONNECTED);
	const headers = { Authorization: `Bearer ${ana.tokens.access}` };
	expect((await fetch(`${server.url}/api/v1/users/me/`, { headers })).status).toBe(401);
});

test('the sign-in page opens without the server, too', async ({ server, open, person, watch }) => {
	watch.allow(SERVER_AWAY);
	const ana = await person('Ana Ruiz');
	const window = await open(ana);
	await installed(window);
	await window.signOut();
	await expect(window.button('auth.sign_in')).toBeVisible();
	await server.stop('SIGKILL');
	await window.page.reload();
	await expect(window.button('auth.sign_in')).toBeVisible();
});

test(
	'of the server only the client itself is kept, once the page has come to rest',
	{ tag: '@desktop' },
	async ({ open, person }) => {
		const ana = await person('Ana Ruiz');
		const room = await ana.group('Garden');
		await ana.send(room, 'Nobody else’s business');
		const window = await open(ana, 'about:blank');
		const finished: string[] = [];
		window.page.context().on('requestfinished', (request) => {
			finished.push(new URL(request.url()).pathname);
		});
		await window.page.goto(`/rooms/${room.id}`);
		await expect(window.message('Nobody else’s business')).toBeVisible();
		expect(finished).not.toContain('/service-worker.js');
		await installed(window);
		const [paths = [], ...more] = Object.values(await versions(window));
		expect(more).toEqual([]);
		const client = /^\/(index\.html|early\.(?:css|js)|mark\.svg|_app\/immutable\/[^?]+)$/;
		expect(paths.filter((path) => !client.test(path))).toEqual([]);
		expect(paths).toContain('/index.html');
		expect(paths.length).toBeGreaterThan(50);
		const worker = finished.indexOf('/service-worker.js');
		const timeline = finished.findIndex((path) => path.endsWith('/messages/'));
		expect(timeline).toBeGreaterThan(-1);
		if (worker > -1) expect(worker).toBeGreaterThan(timeline);
	},
);

test('one may try to connect at once, and is told when it works', async ({
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
	await expect(window.composer).toBeVisible();
	await lose(server, [window]);
	await window.send('One');
	await window.send('Two');
	const waiting = t.plural('connection.waiting', 2);
	await expect(window.page.getByText(waiting)).toBeVisible();
	await window.button('connection.retry').click();
	await expect(window.button('connection.trying')).toBeVisible();
	await expect(window.button('connection.retry')).toBeFocused();
	await server.start();
	await window.button('connection.retry').click();
	const back = window.page.getByRole('status').filter({ hasText: t('connection.back') });
	await expect(back).toBeVisible();
	await expect(window.offlineNote).toHaveCount(0);
	await expect(window.message('Two')).toHaveAttribute('data-status', 'sent');
	await expect(back).toHaveCount(0);
});

test('a click on a notice leads to its place', { tag: '@desktop' }, async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const window = await open(ana);
	const context = window.page.context();
	await context.grantPermissions(['notifications']);
	await installed(window);
	const heard = window.page.evaluate(
		() =>
			new Promise((hear) => {
				navigator.serviceWorker.addEventListener('message', ({ data }) => {
					if (data.type === 'open') hear(data);
				});
			}),
	);
	const [worker] = context.serviceWorkers();
	const left = await clickNotice(worker as Worker, '/friends');
	expect(await heard).toEqual({ type: 'open', path: '/friends' });
	expect(left).toBe(0);
});

/** Shows a notice and clicks it; how many are left after it. */
function clickNotice(worker: Worker, path: string): Promise<number> {
	return worker.evaluate(async (path) => {
		const { registration } = self as unknown as { registration: ServiceWorkerRegistration };
		await registration.showNotification('Ben Okoye', { data: { path } });
		const [notification] = await registration.getNotifications();
		const Click = (self as unknown as Record<string, new (type: string, init: object) => Event>)
			.NotificationEvent;
		if (Click) self.dispatchEvent(new Click('notificationclick', { notification }));
		return (await registration.getNotifications()).length;
	}, path);
}

test(
	'it can be installed, in the reader’s language',
	{ tag: ['@main', '@desktop'] },
	async ({ open, person, t }) => {
		const window = await open(await person('Ana Ruiz'));
		await installed(window);
		const { page } = window;
		const session = await page.context().newCDPSession(page);
		const { errors, data = '', url } = await session.send('Page.getAppManifest');
		expect(errors).toEqual([]);
		const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
		// A browser for tests alone has no profile to install into.
		const real = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito');
		expect(real).toEqual([]);
		const manifest = JSON.parse(data) as {
			description: string;
			icons: { src: string; sizes: string }[];
			shortcuts: { name: string; url: string }[];
		};
		expect(manifest.shortcuts).toContainEqual(
			expect.objectContaining({ name: t('inbox.title'), url: '/inbox' }),
		);
		expect(manifest.description).toBe(t('app.tagline'));
		const answer = await page.request.get(url);
		expect(answer.headers()['content-type']).toBe('application/manifest+json');
		for (const { src, sizes } of manifest.icons) {
			const size = await page.evaluate(async (src) => {
				const image = new Image();
				image.src = src;
				await image.decode();
				return `${image.naturalWidth}x${image.naturalHeight}`;
			}, src);
			expect(size, src).toBe(sizes);
		}

		// The browser's offer is among the actions, and in the settings.
		const offer = () =>
			page.evaluate(() => {
				const prompt = () => void (document.documentElement.dataset.asked = 'yes');
				dispatchEvent(Object.assign(new Event('beforeinstallprompt'), { prompt }));
			});
		await offer();
		await page.keyboard.press('Control+k');
		await window.dialog.getByRole('combobox').fill(t('install.title'));
		await page.keyboard.press('Enter');
		await expect(page.locator('html')).toHaveAttribute('data-asked', 'yes');
		await page.goto('/settings/appearance');
		await expect(window.heading(t('settings.appearance'))).toBeVisible();
		await expect(window.button('install.title')).toHaveCount(0);
		await offer();
		await window.button('install.title').press('Enter');
		await expect(page.locator('html')).toHaveAttribute('data-asked', 'yes');
		await expect(window.button('install.title')).toHaveCount(0);
		await expect(page.getByRole('main')).toBeFocused();
	},
);
