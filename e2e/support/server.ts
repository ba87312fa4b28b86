import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const BINARY = resolve(
	process.env.CHARLA_BIN ?? join(import.meta.dirname, '../../target/debug/charla'),
);
/** Outside the range from which the system takes ports for outgoing connections: it stays free during a restart. */
const FIRST_PORT = Number(process.env.FIRST_PORT ?? 21_000);
const PORTS_PER_WORKER = 500;
const START_TIMEOUT_MS = 30_000;
/** Making a community keeps a debug build busy. */
const DEMO_TIMEOUT_MS = 150_000;
const STOP_TIMEOUT_MS = 15_000;

/** Lets the server write its mails into its output. */
export const MAILS = { DEBUG: 'true', RUST_LOG: 'info' };

/** What is left running when this process ends for whatever reason. */
const running = new Set<Server>();
process.on('exit', () => {
	for (const server of running) server.destroy();
});

/** Not the same for everybody: tests of two checkouts may run side by side. */
const start = Math.floor((Math.random() * PORTS_PER_WORKER) / 2);
let nextPort = FIRST_PORT + Number(process.env.TEST_PARALLEL_INDEX ?? 0) * PORTS_PER_WORKER + start;

async function freePort(): Promise<number> {
	for (;;) {
		const port = nextPort++;
		const probe = createServer().listen(port, '127.0.0.1');
		// Where the port is taken, this rejects.
		const free = await once(probe, 'listening').then(
			() => true,
			() => false,
		);
		if (!free) continue;
		probe.close();
		await once(probe, 'close');
		return port;
	}
}

/** The real binary with a database of its own, on a port and in a folder that it keeps over restarts. */
export class Server {
	readonly url: string;
	/** All that it has printed, since the first start. */
	output = '';

	#settings: Record<string, string>;
	/** What its first start is told: it fills an empty database. */
	#more: string[];
	#folder = mkdtempSync(join(tmpdir(), 'charla-e2e-'));
	#port: number;
	#process: ChildProcess | null = null;

	private constructor(port: number, settings: Record<string, string>, more: string[]) {
		this.#port = port;
		this.#more = more;
		this.#settings = settings;
		this.url = `http://127.0.0.1:${port}`;
	}

	/** `settings` are added to those that every test has, `more` to the command. */
	static async start(settings: Record<string, string> = {}, more: string[] = []): Promise<Server> {
		if (!existsSync(BINARY)) {
			throw new Error(`${BINARY} is not there: run \`cargo build -p charla\`, or set CHARLA_BIN`);
		}
		const server = new Server(await freePort(), settings, more);
		running.add(server);
		try {
			await server.start();
		} catch (error) {
			await server.delete();
			throw error;
		}
		return server;
	}

	async start(): Promise<void> {
		const more = this.#more.splice(0);
		const child = spawn(BINARY, ['serve', ...more], {
			// No settings but these: neither a .env nor the caller's environment.
			cwd: this.#folder,
			env: {
				BIND: `127.0.0.1:${this.#port}`,
				DATA_DIR: this.#folder,
				DATABASE_URL: `sqlite://${join(this.#folder, 'charla.db')}`,
				RATE_LIMITS: 'off',
				RUST_LOG: 'warn',
				...this.#settings,
			},
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		this.#process = child;
		for (const stream of [child.stdout, child.stderr]) {
			stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
		}
		const deadline = Date.now() + (more.length > 0 ? DEMO_TIMEOUT_MS : START_TIMEOUT_MS);
		while (!(await this.#isReady())) {
			if (child.exitCode !== null || Date.now() > deadline) {
				throw new Error(`the server does not start:\n${this.output}`);
			}
			await new Promise((go) => setTimeout(go, 30));
		}
	}

	/** Ends it, and waits until it is gone. */
	async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
		const child = this.#process;
		this.#process = null;
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const ended = once(child, 'exit');
		child.kill(signal);
		const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
		await ended;
		clearTimeout(late);
		if (signal === 'SIGTERM' && child.signalCode === 'SIGKILL') {
			throw new Error(`the server did not end within ${STOP_TIMEOUT_MS} ms of SIGTERM`);
		}
	}

	/** Between a stop and a start: keeps the database as it is now. */
	backUp(): void {
		for (const name of this.#database()) this.#copy(name, `backup-${name}`);
	}

	/** Between a stop and a start: brings back what was kept, and nothing that came after it. */
	restore(): void {
		for (const name of this.#database()) rmSync(join(this.#folder, name));
		for (const name of this.#database('backup-')) this.#copy(name, name.replace('backup-', ''));
	}

	/** Ends it and deletes what it has written. */
	async delete(): Promise<void> {
		await this.stop('SIGKILL');
		this.destroy();
	}

	/** The same without waiting. */
	destroy(): void {
		this.#process?.kill('SIGKILL');
		rmSync(this.#folder, { recursive: true, force: true });
		running.delete(this);
	}

	/** The link that it printed for the first administrator. */
	get setupLink(): string {
		const link = /http:\S+\/setup#token=\S+/.exec(this.output)?.[0];
		if (!link) throw new Error(`no link for the first administrator:\n${this.output}`);
		return link;
	}

	/** The link of the latest mail of its kind, once it is sent: needs the settings `MAILS`. */
	async mailedLink(kind: 'reset' | 'verify', without = ''): Promise<string> {
		const deadline = Date.now() + START_TIMEOUT_MS;
		for (;;) {
			const links = this.output.match(new RegExp(`http:\\S+/${kind}#token=[\\w-]+`, 'g')) ?? [];
			const link = links.findLast((one) => one !== without);
			if (link) return link;
			if (Date.now() > deadline) throw new Error(`no mail to ${kind}:\n${this.output}`);
			await new Promise((go) => setTimeout(go, 30));
		}
	}

	#database(prefix = ''): string[] {
		return readdirSync(this.#folder).filter((name) => name.startsWith(`${prefix}charla.db`));
	}

	#copy(from: string, to: string): void {
		copyFileSync(join(this.#folder, from), join(this.#folder, to));
	}

	async #isReady(): Promise<boolean> {
		try {
			return (await fetch(`${this.url}/readyz`)).ok;
		} catch {
			return false;
		}
	}
}
