import { remember } from './remember';

export type SendKey = 'enter' | 'modified';

const STORED = 'charla.composer.send_key';

/** How one writes on this device. */
class ComposerSettings {
	/** `enter`: Enter sends and Shift+Enter is a new line; `modified`: Enter is a new line and Ctrl or ⌘ with it sends. */
	send_key = $state<SendKey>('enter');

	constructor() {
		if (typeof localStorage === 'undefined') return;
		this.#read(localStorage.getItem(STORED));
		addEventListener('storage', ({ key, newValue }) => key === STORED && this.#read(newValue));
	}

	chooseSendKey(send_key: SendKey): void {
		this.send_key = send_key;
		remember(localStorage, STORED, send_key);
	}

	#read(value: string | null): void {
		this.send_key = value === 'modified' ? 'modified' : 'enter';
	}
}

export const composerSettings = new ComposerSettings();
