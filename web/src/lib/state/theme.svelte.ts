import { remember } from './remember';

export type Theme = 'system' | 'light' | 'dark';

const STORED = 'charla.theme';

/** The chosen colours. `static/early.js` does the same before the first paint. */
class ThemeStore {
	theme = $state<Theme>('system');

	start(): void {
		this.theme = parse(localStorage.getItem(STORED));
		addEventListener('storage', ({ key, newValue }) => {
			if (key === STORED) this.#show(parse(newValue));
		});
	}

	choose(theme: Theme): void {
		if (theme === 'system') localStorage.removeItem(STORED);
		else remember(localStorage, STORED, theme);
		this.#show(theme);
	}

	#show(theme: Theme): void {
		this.theme = theme;
		if (theme === 'system') delete document.documentElement.dataset.theme;
		else document.documentElement.dataset.theme = theme;
		// What stands around the page, where the browser colours it.
		for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[data-of-theme]')) {
			const of = meta.dataset.ofTheme;
			if (theme === 'system') meta.media = `(prefers-color-scheme: ${of})`;
			else meta.media = theme === of ? 'all' : 'not all';
		}
	}
}

function parse(stored: string | null): Theme {
	return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export const theme = new ThemeStore();
