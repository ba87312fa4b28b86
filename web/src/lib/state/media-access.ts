import { isAccessDue } from '$lib/api/access';
import { renewAccess } from '$lib/api/client';
import { getMe } from '$lib/api/people';
import { systemClock } from '$lib/realtime/clock';
import { AccessKeeper } from './access-keeper';

/** Renews the access of this page as long as it shows anything that needs it. */
export function keepAccess(signal: AbortSignal): void {
	if (signal.aborted) return;
	const keeper = new AccessKeeper({
		clock: systemClock,
		wanted: () =>
			!document.hidden && !!document.querySelector('[src^="/media/"], a[href^="/media/"]'),
		due: isAccessDue,
		renew: () => renewAccess(isAccessDue),
	});
	document.addEventListener('visibilitychange', keeper.look, { signal });
	signal.addEventListener('abort', () => keeper.stop());
	keeper.look();
}

let asking: Promise<unknown> | null = null;

/** Resolves once the access is good: a call that needs it renews it. */
export function renewed(): Promise<unknown> {
	return (asking ??= getMe().finally(() => (asking = null)));
}

/** Asks for a picture or for what a player plays once more, where it was. */
export async function askAgain(
	element: HTMLImageElement | HTMLAudioElement | HTMLVideoElement,
): Promise<void> {
	await renewed();
	const src = element.getAttribute('src') ?? '';
	if (element instanceof HTMLImageElement) {
		element.src = src;
		return;
	}
	const { currentTime, paused } = element;
	const poster = element.getAttribute('poster');
	if (poster) element.setAttribute('poster', poster);
	element.src = src;
	element.currentTime = currentTime;
	if (!paused) await element.play().catch(() => undefined);
}
