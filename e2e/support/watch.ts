import type { BrowserContext, ConsoleMessage } from '@playwright/test';

/** What a browser says by itself when the server is away. */
export const SERVER_AWAY =
	/net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)|WebSocket connection to .* failed|status of 503/;

/** What it says of an answer that the test provokes. */
export const refused = (status: number) =>
	new RegExp(`the server responded with a status of ${status} `);

/**
 * Notes in every window what no test may see: errors on the console (violations of the security policy
 * among them), uncaught exceptions, failures of the server, requests to anywhere else.
 */
export class Watch {
	readonly problems: string[] = [];
	#allowed: RegExp[] = [];
	#origin: string;

	constructor(origin: string) {
		this.#origin = origin;
	}

	/** For what the test itself provokes. */
	allow(...patterns: RegExp[]): void {
		this.#allowed.push(...patterns);
	}

	follow(context: BrowserContext): void {
		context.on('console', (message) => this.#console(message));
		context.on('weberror', (error) => this.#note(`uncaught: ${error.error()}`));
		context.on('request', (request) => this.#address(request.url()));
		context.on('page', (page) => page.on('websocket', (socket) => this.#address(socket.url())));
		context.on('response', (response) => {
			if (response.status() >= 500) this.#note(`${response.status()} for ${response.url()}`);
		});
	}

	#console(message: ConsoleMessage): void {
		if (message.type() !== 'error') return;
		this.#note(`console: ${message.text()} (${message.location().url})`);
	}

	#address(url: string): void {
		const { protocol, host } = new URL(url);
		const ours =
			new URL(this.#origin).host === host || ['data:', 'blob:', 'about:'].includes(protocol);
		if (!ours) this.#note(`request to another origin: ${url}`);
	}

	#note(problem: string): void {
		if (!this.#allowed.some((pattern) => pattern.test(problem))) this.problems.push(problem);
	}
}
