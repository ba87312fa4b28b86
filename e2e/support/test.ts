import { test as base, expect } from '@playwright/test';
import { Account } from './account.ts';
import { Server } from './server.ts';
import { Watch } from './watch.ts';
import { Window } from './window.ts';
import { wordsOf, type Words } from './words.ts';

interface Fixtures {
	/** What the test's server is set to, beyond what every test has. */
	settings: Record<string, string>;
	/** Whether the server has the community of `charla serve --demo`. */
	demo: boolean;
	/** A server of the test's own, empty at first. */
	server: Server;
	watch: Watch;
	/** The words of the project's language. */
	t: Words;
	/** Makes an account; its username is the name in plain lower-case letters. */
	person: (name: string) => Promise<Account>;
	/** Opens a window in a browser of its own, signed in as `account`, or as nobody; `path` may name another way to the server. */
	open: (account?: Account | null, path?: string) => Promise<Window>;
}

export const test = base.extend<Fixtures>({
	settings: [{}, { option: true }],

	demo: [false, { option: true }],

	server: async ({ settings, demo }, use, testInfo) => {
		const server = await Server.start(settings, demo ? ['--demo'] : []);
		try {
			await use(server);
		} finally {
			if (testInfo.status !== testInfo.expectedStatus) {
				await testInfo.attach('server.log', { body: server.output, contentType: 'text/plain' });
			}
			await server.delete();
		}
	},

	watch: async ({ server }, use) => {
		const watch = new Watch(server.url);
		await use(watch);
		expect(watch.problems, 'errors on the console, and requests to elsewhere').toEqual([]);
	},

	t: async ({ locale }, use) => use(wordsOf(locale)),

	person: async ({ server }, use) => use((name) => Account.register(server, name)),

	open: async ({ browser, server, watch, t, hasTouch }, use) => {
		const contexts: { close(): Promise<void> }[] = [];
		await use(async (account = null, path = '/') => {
			const origin = path.startsWith('http') ? new URL(path).origin : server.url;
			const context = await browser.newContext({
				baseURL: server.url,
				...(account ? { storageState: stateOf(origin, account) } : {}),
			});
			contexts.push(context);
			watch.follow(context);
			const page = await context.newPage();
			await page.goto(path);
			return new Window(page, t, hasTouch);
		});
		for (const context of contexts) await context.close();
	},
});

export { expect };

/** What a browser holds that has signed in. */
export function stateOf(origin: string, { id, tokens }: Account) {
	const cookie = (name: string, value: string, path: string) => ({
		name,
		value,
		path,
		domain: new URL(origin).hostname,
		expires: -1,
		httpOnly: true,
		secure: false,
		sameSite: 'Lax' as const,
	});
	return {
		cookies: [
			cookie('access_token', tokens.access, '/'),
			cookie('refresh_token', tokens.refresh, '/api/v1/auth/'),
		],
		origins: [
			{
				origin,
				localStorage: [
					{ name: 'charla.user', value: id },
					{ name: 'charla.access', value: `${Date.now()}` },
				],
			},
		],
	};
}
