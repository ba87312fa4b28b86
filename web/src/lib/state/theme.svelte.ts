export type Theme = 'system' | 'light' | 'dark';

const STORED = 'charla.theme';

/** The chosen colours. `static/theme.js` does the same before the first paint. */
class ThemeStore {
	theme = $state<Theme>('system');

	start(): void {
		const stored = localStorage.getItem(STORED);
		this.theme = stored === 'light' || stored === 'dark' ? stored : 'system';
	}

	choose(theme: Theme): void {
		this.theme = theme;
		if (theme === 'system') {
			localStorage.removeItem(STORED);
			delete document.documentElement.dataset.theme;
		} else {
			localStorage.setItem(STORED, theme);
			document.documentElement.dataset.theme = theme;
		}
	}
}

export const theme = new ThemeStore();
