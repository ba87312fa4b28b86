import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
	createServer,
	request,
	type IncomingHttpHeaders,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Server } from './server.ts';

const FILES = '/_app/immutable/';
const NEXT = `${FILES}next/`;
/** Where one of them is named; not the folder itself, as the worker knows it. */
const NAMED = /\/_app\/immutable\/(?=\w)/g;
const TEXTS = /html|javascript/;

/**
 * Stands before a server, and can release a next version of the client: the same one, with all of its files
 * under other addresses. As with a real one, those of the version before are gone then.
 */
export class Releases {
	readonly url: string;
	#upstream: URL;
	/** The version of before, once there is a next one. */
	#version: string | null = null;
	#close: () => void;

	private constructor(port: number, upstream: URL, close: () => void) {
		this.url = `http://127.0.0.1:${port}`;
		this.#upstream = upstream;
		this.#close = close;
	}

	static async before(server: Server): Promise<Releases> {
		const sockets = new Set<Duplex>();
		const proxy = createServer((asked, answer) => void releases.#serve(asked, answer));
		proxy.on('upgrade', (asked, socket, head) => releases.#upgrade(asked, socket as Socket, head));
		proxy.on('connection', (socket) => sockets.add(socket));
		proxy.listen(0, '127.0.0.1');
		await once(proxy, 'listening');
		const { port } = proxy.address() as AddressInfo;
		const releases: Releases = new Releases(port, new URL(server.url), () => {
			proxy.close();
			for (const socket of sockets) socket.destroy();
		});
		return releases;
	}

	/** From now on the next version is served. */
	async release(): Promise<void> {
		const answer = await fetch(new URL('/_app/version.json', this.#upstream));
		this.#version = ((await answer.json()) as { version: string }).version;
	}

	close(): void {
		this.#close();
	}

	async #serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
		const path = asked.url ?? '/';
		if (path.startsWith(FILES) && path.startsWith(NEXT) !== (this.#version !== null)) {
			return void answer.writeHead(404).end();
		}
		const { 'accept-encoding': _, 'if-none-match': __, ...headers } = asked.headers;
		const passed = request(new URL(path.replace(NEXT, FILES), this.#upstream), {
			method: asked.method ?? 'GET',
			headers,
		});
		passed.on('error', () => answer.destroy());
		passed.on('response', (response) => void this.#pass(response, answer));
		asked.pipe(passed);
	}

	async #pass(response: IncomingMessage, answer: ServerResponse): Promise<void> {
		const status = response.statusCode ?? 502;
		const headers: IncomingHttpHeaders = { ...response.headers };
		if (this.#version === null || !TEXTS.test(headers['content-type'] ?? '')) {
			answer.writeHead(status, headers);
			return void response.pipe(answer);
		}
		const chunks: Buffer[] = [];
		for await (const chunk of response) chunks.push(chunk as Buffer);
		const body = rewrite(Buffer.concat(chunks).toString(), this.#version);
		delete headers['content-length'];
		delete headers.etag;
		answer.writeHead(status, headers).end(body);
	}

	#upgrade(asked: IncomingMessage, socket: Socket, head: Buffer): void {
		const { hostname, port } = this.#upstream;
		const passed = connect(Number(port), hostname, () => {
			const headers = asked.rawHeaders.flatMap((name, index, all) =>
				index % 2 ? [] : [`${name}: ${all[index + 1]}`],
			);
			passed.write([`GET ${asked.url} HTTP/1.1`, ...headers, '', ''].join('\r\n'));
			passed.write(head);
			socket.pipe(passed).pipe(socket);
		});
		passed.on('error', () => socket.destroy());
		socket.on('error', () => passed.destroy());
		socket.on('close', () => passed.destroy());
	}
}

/** Its own files, its own version, and the hash of the script that the page itself has. */
function rewrite(text: string, version: string): string {
	const script = /(?<=<script>)[^]*?(?=<\/script>)/;
	const old = script.exec(text)?.[0];
	const next = text.replaceAll(NAMED, NEXT).replaceAll(version, [...version].reverse().join(''));
	const now = script.exec(next)?.[0];
	return old && now ? next.replace(hash(old), hash(now)) : next;
}

const hash = (script: string) => createHash('sha256').update(script).digest('base64');
