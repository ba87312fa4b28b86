import { isAccessFresh } from '$lib/api/access';
import { onBack } from './reconnected';
import { rest } from './rest';

/** What fails again within this time fails for another reason than a spent cookie. */
const AGAIN_MS = 10_000;
const DOWNLOAD = 'a:is([href^="/media/"], [href^="/api/"][download])';
const HEALED = ':is(img, audio, video)[src^="/media/"]';

/**
 * Pictures, players and downloads are asked for by the browser itself, which does not renew the access. Here it is renewed
 * ahead of time, and where that was too late they are asked for once more.
 */
export function guardMedia(): () => void {
	const tried = new WeakMap<Element, number>();
	const missing = new Set<HTMLImageElement>();
	const end = new AbortController();
	const { signal } = end;
	const later = () => import('./media-access');

	function failed(event: Event) {
		const element = event.target as Element;
		const now = Date.now();
		if (!element.matches(HEALED)) return;
		if (now - (tried.get(element) ?? 0) < AGAIN_MS) {
			if (element instanceof HTMLImageElement) missing.add(element);
			return;
		}
		tried.set(element, now);
		// Who shows it hears of it only if it stays so.
		event.stopImmediatePropagation();
		later()
			.then(({ askAgain }) => askAgain(element as HTMLImageElement))
			.catch(() => element.dispatchEvent(new Event('error')));
	}

	/** Those that stay on the page without their picture, as faces do, are asked for when the server is back. */
	function retry() {
		for (const image of missing) if (image.isConnected) image.src = image.getAttribute('src') ?? '';
		missing.clear();
	}

	/** Nobody hears of a download that is refused: it waits until the access is sure to be good. */
	function clicked(event: MouseEvent) {
		const link = (event.target as Element).closest(DOWNLOAD);
		if (!event.isTrusted || !link || isAccessFresh()) return;
		event.preventDefault();
		const follow = () => link.dispatchEvent(new MouseEvent('click', event));
		later()
			.then(({ renewed }) => renewed())
			.then(follow, follow);
	}

	document.addEventListener('click', clicked, { signal });
	document.addEventListener('error', failed, { capture: true, signal });
	rest.reached
		.then(later)
		.then(({ keepAccess }) => keepAccess(signal))
		.catch((error: unknown) => console.warn('access not renewed ahead of time', error));
	signal.addEventListener('abort', onBack(retry));
	return () => end.abort();
}
