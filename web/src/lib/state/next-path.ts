/**
 * Where to go after signing in: the wished address if it is a path of ours, else the start page.
 * Anything that a browser could read as another origin (`//host`, `/\host`, `https:`) is refused.
 */
export function safeNext(wished: string | null, origin: string): string {
	if (!wished?.startsWith('/')) return '/';
	try {
		const url = new URL(wished, origin);
		if (
			url.origin !== origin ||
			/^\/(sign-in|sign-up|setup|forgot|reset|verify)\b/.test(url.pathname)
		)
			return '/';
		// A path such as `//host` survives parsing when it follows a dot segment.
		return url.pathname.startsWith('//') ? '/' : url.pathname + url.search + url.hash;
	} catch {
		return '/';
	}
}

export function signInPath(from: URL): string {
	const path = from.pathname + from.search;
	return path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`;
}
