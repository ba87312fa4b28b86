// What cannot wait for the scripts of the page. A file of its own, because the page's content security policy
// forbids inline scripts.

// SvelteKit makes HTML of one text itself: `error.html`, where parts of a page do not come. No other text may become any.
const ERROR_PAGE =
	'<!doctype html> <html lang="en"> <head> <meta charset="utf-8" /> <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" /> <link rel="stylesheet" href="/early.css" /> </head> <body> <img class="splash" src="/mark.svg" alt="" /> </body> </html>';
globalThis.trustedTypes?.createPolicy('default', {
	createHTML: (html) => (html.trim().replace(/\s+/g, ' ') === ERROR_PAGE ? html : null),
});

let chosen;
try {
	chosen = localStorage.getItem('charla.language');
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

	// What the page begins with, asked for while the scripts are still on their way: `lib/api/early.ts` hands it over.
	// The rooms not with a cookie that is spent by now.
	const fresh = Date.now() - Number(localStorage.getItem('charla.access')) < 13 * 60_000;
	const early = new Map();
	const ask = (path) => {
		early.set(path, fetch(path));
		early.get(path).catch(() => undefined);
	};
	if (!localStorage.getItem('charla.user')) {
		ask('/api/v1/auth/register/');
	} else if (fresh && /^\/($|rooms\/)/.test(location.pathname)) {
		ask('/api/v1/users/me/');
		ask('/api/v1/chat/rooms/?limit=200');
	}
	globalThis.charlaEarly = early;

	// The first time of day that a browser puts into words takes it some forty milliseconds: while the scripts are on their way
	// it has nothing else to do.
	new Intl.DateTimeFormat(navigator.language, { timeStyle: 'short' }).format();
} catch {
	// Storage may be forbidden; the system's theme serves.
}

// Where the scripts do not come, nobody else can say so; and says it again where `error.html` takes the place of the page.
let trouble;
let notes = [];
addEventListener('DOMContentLoaded', () => (notes = [...document.querySelectorAll('.trouble')]));
const sayTrouble = () => {
	const page = [...(document.querySelector('.app-root')?.children ?? [])];
	if (page.some(({ id, localName }) => localName !== 'script' && id !== 'svelte-announcer')) {
		return clearInterval(trouble);
	}
	trouble ??= setInterval(sayTrouble, 1_000);
	document.title ||= 'Charla';
	const tags = [chosen, ...navigator.languages];
	const language = tags.map((tag) => tag?.slice(0, 2)).find((tag) => /en|es/.test(tag)) ?? 'en';
	for (const note of notes.filter(({ lang }) => lang === language)) {
		note.hidden = false;
		note.querySelector('button').onclick = () => location.reload();
		if (!note.isConnected) document.body.append(note);
	}
};
addEventListener('unhandledrejection', sayTrouble);
// A slow line gets there by then; where it does so later, the note goes again (`early.css`).
setTimeout(sayTrouble, 15_000);
