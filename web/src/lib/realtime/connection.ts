import { backoff } from './backoff';
import type { Clock } from './clock';
import { parseEvent, type Action, type ServerEvent } from './protocol';

/** The part of `WebSocket` that is used here. */
export interface SocketLike {
	readonly readyState: number;
	send(data: string): void;
	close(): void;
	onmessage: ((event: { data: unknown }) => void) | null;
	onclose: ((event: { code: number }) => void) | null;
}

/** `waiting`: between two attempts. `ended`: the session is over and nothing is tried again. */
export type ConnectionState = 'connecting' | 'open' | 'waiting' | 'ended';

export interface ConnectionDeps {
	open(): SocketLike;
	clock: Clock;
	random(): number;
	/**
	 * Asks over REST whether the session lives, and its account is of use; refreshes the access token on the way.
	 * With `signal` nobody waits for the answer any more.
	 */
	probe(signal: AbortSignal): Promise<'alive' | 'ended' | 'unreachable'>;
	onEvent(event: ServerEvent): void;
	onState(state: ConnectionState): void;
}

/** `WebSocket.OPEN`. */
const OPEN = 1;
const CLOSE_SESSION_ENDED = 4401;
const HELLO_TIMEOUT_MS = 10_000;
const PONG_TIMEOUT_MS = 10_000;
const PROBE_TIMEOUT_MS = 20_000;

/**
 * Keeps one socket alive. It is `open` from `hello` on, not from the handshake: only then is it
 * known what was missed. A handshake refused with 401 looks like any failure to a browser, so after
 * a socket that ended before `hello` the session is probed first.
 */
export class Connection {
	#deps: ConnectionDeps;
	#socket: SocketLike | null = null;
	#state: ConnectionState = 'waiting';
	#attempt = 0;
	#heartbeatMs = 30_000;
	#cancelTimer: () => void = () => undefined;
	#stopped = true;
	#asking = new AbortController();

	constructor(deps: ConnectionDeps) {
		this.#deps = deps;
	}

	get state(): ConnectionState {
		return this.#state;
	}

	start(): void {
		if (!this.#stopped) return;
		this.#stopped = false;
		this.#connect();
	}

	stop(): void {
		this.#stopped = true;
		this.#drop();
		this.#setState('ended');
	}

	/** False when there is no open socket; the caller keeps what it wanted to say. */
	send(action: Action): boolean {
		// A socket that is closing drops what it is given, and says so only later.
		if (this.#state !== 'open' || this.#socket?.readyState !== OPEN) return false;
		this.#socket.send(JSON.stringify(action));
		return true;
	}

	/** The browser says that the network is gone: the socket would only find out by its silence. */
	networkGone(): void {
		if (!this.#stopped && this.#socket) this.#abandon();
	}

	/** An attempt that was under way without a network may hang for long: a new one is faster. */
	networkBack(): void {
		if (!this.#stopped && this.#state === 'connecting') this.#connect();
		else this.nudge();
	}

	/** The tab came back: wait no longer, and find out whether the socket still lives. */
	nudge(): void {
		if (this.#stopped) return;
		if (this.#state === 'waiting') this.#connect();
		else if (this.#state === 'open') this.#ping();
	}

	#connect(): void {
		this.#drop();
		this.#setState('connecting');
		const socket = this.#deps.open();
		this.#socket = socket;
		socket.onmessage = ({ data }) => this.#receive(socket, data);
		socket.onclose = ({ code }) => this.#closed(socket, code);
		this.#timer(HELLO_TIMEOUT_MS, () => this.#abandon());
	}

	#receive(socket: SocketLike, data: unknown): void {
		if (socket !== this.#socket) return;
		const event = parseEvent(data);
		if (event?.type === 'hello') {
			this.#heartbeatMs = event.data.heartbeat_s * 1000;
			this.#attempt = 0;
			this.#setState('open');
		}
		// Until `hello` the first timer stands: other frames do not make a connection.
		if (this.#state === 'open') this.#timer(this.#heartbeatMs, () => this.#ping());
		if (event) this.#deps.onEvent(event);
	}

	#ping(): void {
		if (!this.send({ action: 'ping' })) return;
		this.#timer(PONG_TIMEOUT_MS, () => this.#abandon());
	}

	/** The socket is silent; a close handshake would wait for the same silence. */
	#abandon(): void {
		const wasOpen = this.#state === 'open';
		this.#drop();
		void this.#retry(wasOpen);
	}

	#closed(socket: SocketLike, code: number): void {
		if (socket !== this.#socket) return;
		const wasOpen = this.#state === 'open' && code !== CLOSE_SESSION_ENDED;
		this.#drop();
		void this.#retry(wasOpen);
	}

	async #retry(sessionKnownGood: boolean): Promise<void> {
		if (this.#stopped) return;
		this.#setState('waiting');
		const attempt = this.#attempt++;
		if (!sessionKnownGood) {
			const asking = (this.#asking = new AbortController());
			this.#timer(PROBE_TIMEOUT_MS, () => asking.abort());
			const answer = await this.#probe(asking.signal);
			// A nudge may have connected meanwhile, a sign-out may have stopped us.
			if (asking !== this.#asking || this.#state !== 'waiting') return;
			if (answer === 'ended') return this.stop();
		}
		this.#timer(backoff(attempt, this.#deps.random), () => this.#connect());
	}

	/** A call that hangs says no more than one that fails. */
	#probe(signal: AbortSignal): ReturnType<ConnectionDeps['probe']> {
		return new Promise((give) => {
			signal.addEventListener('abort', () => give('unreachable'));
			void this.#deps.probe(signal).then(give);
		});
	}

	#drop(): void {
		this.#cancelTimer();
		this.#asking.abort();
		const socket = this.#socket;
		this.#socket = null;
		if (!socket) return;
		socket.onmessage = null;
		socket.onclose = null;
		socket.close();
	}

	#timer(ms: number, run: () => void): void {
		this.#cancelTimer();
		this.#cancelTimer = this.#deps.clock.after(ms, run);
	}

	#setState(state: ConnectionState): void {
		if (state === this.#state) return;
		this.#state = state;
		this.#deps.onState(state);
	}
}
