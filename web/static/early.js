// What cannot wait for the scripts of the page. A file of its own, because the page's content security policy
// forbids inline scripts.
try {
	// The chosen theme and density, before the first paint.
	const theme = localStorage.getItem('charla.theme');
	if (theme === 'light' || theme === 'dark') {
		document.documentElement.dataset.theme = theme;
		for (const meta of document.querySelectorAll('meta[data-of-theme]')) {
			meta.media = theme === meta.dataset.ofTheme ? 'all' : 'not all';
		}
	}
	const density = localStorage.getItem('charla.density');
	if (density === 'compact') document.documentElement.dataset.density = density;

	// The first time of day that a browser puts into words takes it some forty milliseconds: while the scripts are on their way
	// it has nothing else to do.
	new Intl.DateTimeFormat(navigator.language, { timeStyle: 'short' }).format();

	// What the rooms begin with, asked for while the scripts are still on their way: `lib/api/early.ts` hands it over.
	// Not with a cookie that is spent by now.
	const fresh = Date.now() - Number(localStorage.getItem('charla.access')) < 13 * 60_000;
	if (fresh && localStorage.getItem('charla.user') && /^\/($|rooms\/)/.test(location.pathname)) {
		const early = new Map();
		for (const path of ['/api/v1/users/me/', '/api/v1/chat/rooms/?limit=200']) {
			early.set(path, fetch(path));
			early.get(path).catch(() => undefined);
		}
		globalThis.charlaEarly = early;
	}
} catch {
	// Storage may be forbidden; the system's theme serves.
}

// Where the scripts do not come, nobody else can say so: what it says has its words here.
{
	const WORDS = {
		en: ['Charla is not loading', 'Check your connection and try again.', 'Try again'],
		es: ['Charla no se carga', 'Comprueba tu conexión y vuelve a intentarlo.', 'Reintentar'],
	};
	/** A slow line gets there by then; where it does so later, the note goes again (`early.css`). */
	const PATIENCE_MS = 15_000;

	const languages = () => {
		try {
			return [localStorage.getItem('charla.language'), ...navigator.languages];
		} catch {
			return navigator.languages;
		}
	};

	const part = (name, text) => {
		const element = document.createElement(name);
		element.textContent = text;
		return element;
	};

	const sayTrouble = () => {
		const page = [...(document.querySelector('.app-root')?.children ?? [])];
		const come = page.some(
			({ id, localName }) => localName !== 'script' && id !== 'svelte-announcer',
		);
		if (come || document.querySelector('.trouble')) return;
		const wished = languages().map((tag) => tag?.slice(0, 2).toLowerCase());
		const language = wished.find((name) => name in WORDS) ?? 'en';
		const [title, text, retry] = WORDS[language];
		const button = part('button', retry);
		button.addEventListener('click', () => location.reload());
		const note = document.createElement('main');
		note.className = 'trouble';
		note.lang = language;
		const words = document.createElement('div');
		words.setAttribute('role', 'alert');
		words.append(part('h1', title), part('p', text));
		note.append(words, button);
		document.title ||= 'Charla';
		document.querySelector('.splash')?.after(note);
	};

	// Also where `src/error.html` takes the place of the page: the reason comes after it.
	addEventListener('unhandledrejection', sayTrouble);
	setTimeout(sayTrouble, PATIENCE_MS);
}
