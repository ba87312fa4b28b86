import type { Notice, Notifier } from './notices';

/**
 * Shows notices by the browser: through the service worker where there is one, because only those outlive the page, and on
 * phones are the only ones.
 */
export class BrowserNotifier implements Notifier {
	#shown = new Map<string, Notification>();
	#open: (path: string) => void;
	#ended = false;

	/** `open` is told where a notice of this page leads to; the worker tells it by a message. */
	constructor(open: (path: string) => void) {
		this.#open = open;
	}

	async show({ tag, title, body, icon, path }: Notice): Promise<void> {
		if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
		// The sound is ours, and of the settings; a later notice of a room shows again.
		const options = { tag, body, data: { path }, silent: true, renotify: true };
		const worker = await activeWorker();
		if (this.#ended) return;
		try {
			const full = icon ? { ...options, icon } : options;
			if (worker) await worker.showNotification(title, full);
			else this.#showHere(title, full, path);
		} catch (error) {
			console.warn('notice not shown', error);
		}
	}

	async close(tag: string): Promise<void> {
		this.#shown.get(tag)?.close();
		this.#shown.delete(tag);
		const notices = await (await activeWorker())?.getNotifications({ tag });
		for (const notice of notices ?? []) notice.close();
	}

	async closeAll(): Promise<void> {
		this.#ended = true;
		for (const notice of this.#shown.values()) notice.close();
		this.#shown.clear();
		const notices = await (await activeWorker())?.getNotifications();
		for (const notice of notices ?? []) notice.close();
	}

	#showHere(title: string, options: NotificationOptions & { tag: string }, path: string): void {
		const notice = new Notification(title, options);
		this.#shown.set(options.tag, notice);
		notice.onclick = () => {
			focus();
			notice.close();
			this.#open(path);
		};
		notice.onclose = () => {
			if (this.#shown.get(options.tag) === notice) this.#shown.delete(options.tag);
		};
	}
}

async function activeWorker(): Promise<ServiceWorkerRegistration | null> {
	const { serviceWorker } = navigator as Partial<Navigator>;
	const registration = await serviceWorker?.getRegistration();
	return registration?.active ? registration : null;
}
