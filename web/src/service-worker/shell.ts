/** The client's page, as the server keeps it; it answers every address that somebody may visit. */
export const PAGE = '/index.html';

const PREFIX = 'charla-';
/** Files below it are named after their content: whoever has one has the right one. */
const IMMUTABLE = '/_app/immutable/';
/** The server's own, like its list of what are no pages. */
const NOT_PAGES = ['api', 'ws', 'media', 'metrics', 'healthz', 'readyz'];
/** What is fetched ahead leaves the connection free for what somebody waits for. */
const AT_ONCE = 3;

export interface ShellDeps {
	caches: CacheStorage;
	fetch(request: Request): Promise<Response>;
	origin: string;
	version: string;
	/** The paths of all that this version consists of, without its page. */
	assets: readonly string[];
	/** The versions that tabs run on. */
	inUse(): Promise<ReadonlySet<string>>;
}

/**
 * One version of the client, kept whole: its page and its files come from the same build. Neither the API nor
 * anybody's files are ever kept.
 */
export class Shell {
	#deps: ShellDeps;
	#name: string;
	#assets: ReadonlySet<string>;

	constructor(deps: ShellDeps) {
		this.#deps = deps;
		this.#name = PREFIX + deps.version;
		this.#assets = new Set(deps.assets);
	}

	/** Fetches all of it, or fails: half of a version is none. What was fetched before is not asked for again. */
	async keep(): Promise<void> {
		const cache = await this.#deps.caches.open(this.#name);
		await cache.put(PAGE, await this.#page());
		const left = [...this.#deps.assets];
		const work = async () => {
			for (let path = left.shift(); path; path = left.shift()) await this.#keep(cache, path);
		};
		await Promise.all(Array.from({ length: AT_ONCE }, work));
	}

	/** The same page may have another policy by now, which the server sends with it. */
	async refresh(): Promise<void> {
		const cache = await this.#deps.caches.open(this.#name);
		await cache.put(PAGE, await this.#page());
	}

	/** Forgets the versions before this one that nothing runs on any more. One that comes after it may just be arriving. */
	async tidy(): Promise<void> {
		const { caches, inUse } = this.#deps;
		const used = await inUse();
		// In the order in which they were made.
		const names = await caches.keys();
		for (const name of names.slice(0, Math.max(0, names.indexOf(this.#name)))) {
			const unused = name.startsWith(PREFIX) && !used.has(name.slice(PREFIX.length));
			if (unused) await caches.delete(name);
		}
	}

	/** The answer to a request; null where it is none of ours, and goes to the server. */
	answer(request: Request): Promise<Response> | null {
		const { origin, pathname } = new URL(request.url);
		if (request.method !== 'GET' || origin !== this.#deps.origin) return null;
		if (request.mode === 'navigate') return isPage(pathname) ? this.#own(PAGE, request) : null;
		// A tab may still run on an older version: its files are served from there.
		if (pathname.startsWith(IMMUTABLE)) return this.#any(request);
		return this.#assets.has(pathname) ? this.#own(pathname, request) : null;
	}

	async #own(path: string, request: Request): Promise<Response> {
		const cache = await this.#deps.caches.open(this.#name);
		return (await cache.match(path, { ignoreVary: true })) ?? this.#deps.fetch(request);
	}

	async #any(request: Request): Promise<Response> {
		const { caches, fetch } = this.#deps;
		return (await caches.match(request.url, { ignoreVary: true })) ?? fetch(request);
	}

	async #keep(cache: Cache, path: string): Promise<void> {
		const immutable = path.startsWith(IMMUTABLE);
		const known = immutable && (await this.#deps.caches.match(path, { ignoreVary: true }));
		await cache.put(path, known || (await this.#fetch(path, immutable ? 'default' : 'no-cache')));
	}

	/** Refused where the server has another version by now: its page would ask for files that are not ours. */
	async #page(): Promise<Response> {
		const page = await this.#fetch(PAGE, 'no-cache');
		const named = (await page.clone().text()).match(/\/_app\/immutable\/[\w./-]+/g) ?? [];
		if (named.length === 0 || !named.every((path) => this.#assets.has(path))) {
			throw new Error('the page is of another version');
		}
		return page;
	}

	async #fetch(path: string, cache: RequestCache): Promise<Response> {
		const response = await this.#deps.fetch(new Request(this.#deps.origin + path, { cache }));
		if (!response.ok) throw new Error(`${path}: ${response.status}`);
		return response;
	}
}

function isPage(pathname: string): boolean {
	const parts = pathname.slice(1).split('/');
	return !NOT_PAGES.includes(parts[0] ?? '') && !parts.at(-1)?.includes('.');
}
