import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a line is: how long a byte is under way, in milliseconds, and how many go through it a second. */
export interface Quality {
	latency: number;
	bytes_per_second: number;
}

const PERFECT: Quality = { latency: 0, bytes_per_second: Infinity };

/** A bad line to a server, for requests and sockets alike. */
export class SlowLine {
	readonly url: string;
	/** What comes from now on goes at this pace. */
	quality = PERFECT;
	#server: ReturnType<typeof createServer>;
	#open = new Set<Socket>();

	private constructor(server: ReturnType<typeof createServer>) {
		this.#server = server;
		this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	}

	static async to(url: string): Promise<SlowLine> {
		const { hostname, port } = new URL(url);
		let line: SlowLine;
		const server = createServer((near) => {
			const far = connect(Number(port), hostname);
			line.#carry(near, far);
			line.#carry(far, near);
		});
		await once(server.listen(0, '127.0.0.1'), 'listening');
		line = new SlowLine(server);
		return line;
	}

	/** Ends every connection; new ones are let through. */
	cut(): void {
		for (const socket of this.#open) socket.destroy();
	}

	close(): void {
		this.#server.close();
		this.cut();
	}

	#carry(from: Socket, to: Socket): void {
		this.#open.add(from);
		let due = 0;
		let last = Promise.resolve();
		const ended = () => {
			this.#open.delete(from);
			// What was said before the end still comes.
			void last.then(() => to.destroy());
		};
		from.on('error', ended).on('close', ended);
		from.on('data', (data: Buffer) => {
			const { latency, bytes_per_second } = this.quality;
			due = Math.max(Date.now() + latency, due) + (data.length / bytes_per_second) * 1000;
			const at = due;
			last = last.then(async () => {
				if (at > Date.now()) await sleep(at - Date.now());
				if (!to.destroyed) to.write(data);
			});
		});
	}
}
