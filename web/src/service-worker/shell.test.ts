import { expect, it } from 'vitest';
import { PAGE, Shell } from './shell';

const ORIGIN = 'https://charla.example';

/** The caches of a browser, as far as they are used here. */
class FakeCaches {
	all = new Map<string, Map<string, Response>>();

	async open(name: string) {
		const cache = this.all.get(name) ?? new Map<string, Response>();
		this.all.set(name, cache);
		return {
			match: async (key: string) => cache.get(new URL(key, ORIGIN).pathname)?.clone(),
			put: async (key: string, value: Response) => void cache.set(key, value),
		};
	}

	async match(key: string) {
		for (const name of this.all.keys()) {
			const found = await (await this.open(name)).match(key);
			if (found) return found;
		}
		return undefined;
	}

	keys = async () => [...this.all.keys()];
	delete = async (name: string) => this.all.delete(name);
	pathsOf = (version: string) => [...(this.all.get(`charla-${version}`)?.keys() ?? [])].sort();
}

const script = (version: string) => `/_app/immutable/entry/start.${version}.js`;
const shared = '/_app/immutable/chunks/shared.js';

/** A server that has one version at a time, and what it was asked for. */
function serverWith(version: string) {
	const server = {
		version,
		asked: [] as string[],
		fetch: async (request: Request) => {
			const { pathname } = new URL(request.url);
			server.asked.push(pathname);
			if (pathname === PAGE || pathname === '/')
				return new Response(`<script src="${script(server.version)}">`);
			const there = ['/early.js', shared, script(server.version)].includes(pathname);
			return new Response(`${server.version}: ${pathname}`, { status: there ? 200 : 404 });
		},
	};
	return server;
}

function shellOf(
	version: string,
	server: ReturnType<typeof serverWith>,
	caches = new FakeCaches(),
	used: string[] = [],
) {
	const shell = new Shell({
		caches: caches as unknown as CacheStorage,
		fetch: server.fetch,
		origin: ORIGIN,
		version,
		assets: ['/early.js', shared, script(version)],
		inUse: async () => new Set(used),
	});
	return { shell, caches };
}

function request(path: string, mode = 'cors', method = 'GET'): Request {
	return { url: new URL(path, ORIGIN).href, mode, method } as Request;
}

const text = async (answer: Promise<Response> | null) => (await answer)?.text();

it('keeps all of a version, and answers with it', async () => {
	const server = serverWith('1');
	const { shell, caches } = shellOf('1', server);
	await shell.keep();
	expect(caches.pathsOf('1')).toEqual([PAGE, '/early.js', shared, script('1')].sort());
	server.asked = [];
	expect(await text(shell.answer(request('/rooms/7?panel=pins', 'navigate')))).toContain(
		script('1'),
	);
	expect(await text(shell.answer(request('/early.js')))).toBe('1: /early.js');
	expect(await text(shell.answer(request(script('1'))))).toBe(`1: ${script('1')}`);
	expect(server.asked).toEqual([]);
});

it('has nothing to do with the API, with files and with what is no page', () => {
	const { shell } = shellOf('1', serverWith('1'));
	for (const path of ['/api/v1/users/me/', '/media/1', '/ws/', '/icons/192.png']) {
		expect(shell.answer(request(path)), path).toBeNull();
	}
	for (const path of ['/api/docs/', '/media/1', '/favicon.ico', '/healthz']) {
		expect(shell.answer(request(path, 'navigate')), path).toBeNull();
	}
	expect(shell.answer(request('/', 'navigate', 'POST'))).toBeNull();
	expect(shell.answer(request('https://elsewhere.example/', 'navigate'))).toBeNull();
});

it('takes no page that belongs to another version', async () => {
	const server = serverWith('2');
	const { shell, caches } = shellOf('1', server);
	await expect(shell.keep()).rejects.toThrow('another version');
	expect(caches.pathsOf('1')).toEqual([]);
});

it('is not there while a part is missing', async () => {
	const server = serverWith('1');
	const { fetch } = server;
	// The server changes between the page and the files.
	server.fetch = (asked) => {
		if (!asked.url.endsWith(PAGE)) server.version = '2';
		return fetch(asked);
	};
	await expect(shellOf('1', server).shell.keep()).rejects.toThrow('404');
});

it('asks only for what has changed since the version before', async () => {
	const server = serverWith('1');
	const { shell, caches } = shellOf('1', server);
	await shell.keep();
	server.version = '2';
	server.asked = [];
	await shellOf('2', server, caches).shell.keep();
	expect(server.asked.sort()).toEqual([PAGE, '/early.js', script('2')].sort());
	expect(caches.pathsOf('2')).toContain(shared);
});

it('serves the files of the version that a tab runs on, and forgets them after it', async () => {
	const server = serverWith('1');
	const { shell: first, caches } = shellOf('1', server);
	await first.keep();
	await caches.open('somebody-elses');
	server.version = '2';
	const used = ['1'];
	const { shell } = shellOf('2', server, caches, used);
	await shell.keep();
	await shell.tidy();
	expect(await text(shell.answer(request(script('1'))))).toBe(`1: ${script('1')}`);
	expect(await text(shell.answer(request('/', 'navigate')))).toContain(script('2'));
	used.pop();
	await shell.tidy();
	expect(await caches.keys()).toEqual(['somebody-elses', 'charla-2']);
});

it('leaves alone what a later version gathers', async () => {
	const server = serverWith('1');
	const { shell, caches } = shellOf('1', server);
	await shell.keep();
	await caches.open('charla-2');
	await shell.tidy();
	expect(await caches.keys()).toEqual(['charla-1', 'charla-2']);
});

it('goes to the server for what the browser has thrown away', async () => {
	const server = serverWith('1');
	const { shell, caches } = shellOf('1', server);
	await shell.keep();
	caches.all.clear();
	expect(await text(shell.answer(request('/', 'navigate')))).toContain(script('1'));
	expect(await text(shell.answer(request(script('1'))))).toBe(`1: ${script('1')}`);
});

it('takes the page anew, unless the server has another version by now', async () => {
	const server = serverWith('1');
	const { shell } = shellOf('1', server);
	await shell.keep();
	await shell.refresh();
	server.version = '2';
	await expect(shell.refresh()).rejects.toThrow('another version');
	expect(await text(shell.answer(request('/', 'navigate')))).toContain(script('1'));
});
