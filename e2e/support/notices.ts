import type { BrowserContext, Page } from '@playwright/test';

export interface SeenNotice {
	title: string;
	body: string;
	tag: string;
	path: string;
	closed: boolean;
}

interface Recorder {
	notices: (SeenNotice & { tap: () => void })[];
	tones: number;
	asked: number;
	badge: number;
	/** The server has said something over the socket: it greets first. */
	greeted: boolean;
}

/** What a page shows the system and lets be heard: the browser's own ways, written down. */
function record(undecided: boolean) {
	// A page that is about to be has none of it.
	if (location.protocol !== 'http:') return;
	const seen: Recorder = { notices: [], tones: 0, asked: 0, badge: 0, greeted: false };
	Object.assign(window, { seen });
	const put = (title: string, options: NotificationOptions, tap: (path: string) => void) => {
		const { body = '', tag = '', data } = options;
		const { path } = data as { path: string };
		// One of the same tag takes the place of the one before.
		close(tag);
		seen.notices.push({ title, body, tag, path, closed: false, tap: () => tap(path) });
	};
	const close = (tag: string) => {
		for (const notice of seen.notices) if (notice.tag === tag) notice.closed = true;
	};

	let decided = !undecided;
	class Watched extends Notification {
		constructor(title: string, options: NotificationOptions = {}) {
			super(title, options);
			put(title, options, () => this.dispatchEvent(new Event('click')));
		}
		static override get permission() {
			return decided ? super.permission : 'default';
		}
		static override requestPermission() {
			seen.asked++;
			decided = true;
			return super.requestPermission();
		}
	}
	const { close: closeNotice } = Notification.prototype;
	Notification.prototype.close = function () {
		close(this.tag);
		closeNotice.call(this);
	};
	Object.assign(window, { Notification: Watched });

	const { showNotification } = ServiceWorkerRegistration.prototype;
	ServiceWorkerRegistration.prototype.showNotification = async function (title, options = {}) {
		await showNotification.call(this, title, options);
		put(title, options, (path) => {
			// What the worker says to the page once it is told of the tap.
			const data = { type: 'open', path };
			navigator.serviceWorker.dispatchEvent(new MessageEvent('message', { data }));
		});
	};

	class WatchedSocket extends WebSocket {
		constructor(url: string | URL, protocols?: string | string[]) {
			super(url, protocols);
			this.addEventListener('message', () => (seen.greeted = true));
		}
	}
	Object.assign(window, { WebSocket: WatchedSocket });

	const { createOscillator } = AudioContext.prototype;
	AudioContext.prototype.createOscillator = function () {
		seen.tones++;
		return createOscillator.call(this);
	};
	Object.assign(Navigator.prototype, {
		setAppBadge: async (count: number) => void (seen.badge = count),
	});
}

interface Options {
	/** As stored on the device; left out, nothing is. */
	settings?: object;
	/** The browser has not been asked yet. */
	undecided?: boolean;
}

/** Lets the pages of a browser show notices, and writes them down, from the next load on. */
export async function allowNotices(context: BrowserContext, options: Options = {}): Promise<void> {
	await context.grantPermissions(['notifications']);
	await context.addInitScript(record, options.undecided ?? false);
	if (!options.settings) return;
	const stored = JSON.stringify(options.settings);
	await context.addInitScript((value) => {
		// A page that is about to be has no storage.
		if (location.protocol !== 'http:') return;
		if (!localStorage.getItem('charla.notifications'))
			localStorage.setItem('charla.notifications', value);
	}, stored);
}

const seenIn = <T>(page: Page, read: (seen: Recorder) => T): Promise<T> =>
	page.evaluate<T>(`(${read.toString()})(window.seen)`);

export const noticesIn = (page: Page): Promise<SeenNotice[]> =>
	seenIn(page, ({ notices }) => notices.map(({ tap: _, ...notice }) => notice));

/** Those that still stand there. */
export const openNoticesIn = async (page: Page): Promise<string[]> =>
	(await noticesIn(page))
		.filter(({ closed }) => !closed)
		.map(({ title, body }) => `${title}: ${body}`);

/** The page has its socket, and is the tab that tells. */
export const isTelling = async (page: Page): Promise<boolean> => {
	const leads = await page.evaluate(async () => {
		const { held = [] } = await navigator.locks.query();
		return held.some(({ name }) => name?.startsWith('charla.notices.'));
	});
	return leads && (await seenIn(page, ({ greeted }) => greeted));
};

export const tonesIn = (page: Page): Promise<number> => seenIn(page, ({ tones }) => tones);
export const askedIn = (page: Page): Promise<number> => seenIn(page, ({ asked }) => asked);
export const appBadgeIn = (page: Page): Promise<number> => seenIn(page, ({ badge }) => badge);

export const tapLastNotice = (page: Page): Promise<void> =>
	seenIn(page, ({ notices }) => notices.at(-1)?.tap());

/** As if another tab or program were before the page, or no longer. */
export function setHidden(page: Page, hidden: boolean): Promise<void> {
	return page.evaluate(
		(state) => {
			Object.defineProperty(document, 'visibilityState', { get: () => state, configurable: true });
			document.dispatchEvent(new Event('visibilitychange'));
		},
		hidden ? 'hidden' : 'visible',
	);
}
