import { markWithBadge, type Waiting } from '$lib/state/badge';

let mark: Promise<string> | null = null;
let wished = '';

/** Shows what waits where the page itself is out of sight: in its sign, and on the sign of the app. */
export function showBadge(waiting: Waiting): void {
	appBadge(waiting.unread);
	showSign(waiting).catch((error: unknown) => {
		mark = null;
		console.warn('no badge', error);
	});
}

async function showSign(waiting: Waiting): Promise<void> {
	const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
	if (!link) return;
	const plain = (link.dataset.plain ??= link.href);
	const isPlain = waiting.unread === 0 && waiting.mentions === 0;
	// Which of two comes first does not matter: the later one is wished.
	const wish = (wished = `${waiting.unread > 0} ${waiting.mentions}`);
	if (isPlain) link.href = plain;
	else {
		mark ??= fetch(plain).then((answer) => answer.text());
		const svg = markWithBadge(await mark, waiting);
		if (wished === wish) link.href = `data:image/svg+xml,${encodeURIComponent(svg)}`;
	}
}

function appBadge(count: number): void {
	const { setAppBadge } = navigator as Partial<Navigator>;
	setAppBadge
		?.call(navigator, count)
		.catch((error: unknown) => console.warn('no badge on the app', error));
}
