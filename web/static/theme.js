// Sets the chosen theme and density before the first paint. A file of its own, because the page's
// content security policy forbids inline scripts.
try {
	const theme = localStorage.getItem('charla.theme');
	if (theme === 'light' || theme === 'dark') {
		document.documentElement.dataset.theme = theme;
		for (const meta of document.querySelectorAll('meta[data-of-theme]')) {
			meta.media = theme === meta.dataset.ofTheme ? 'all' : 'not all';
		}
	}
	const density = localStorage.getItem('charla.density');
	if (density === 'compact') document.documentElement.dataset.density = density;
} catch {
	// Storage may be forbidden; the system's theme serves.
}
