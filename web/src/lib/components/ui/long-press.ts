import type { Attachment } from 'svelte/attachments';

const HOLD_MS = 450;
/** A finger never lies quite still, in pixels. */
const STILL = 10;

/** Until a finger comes down again, clicks and menus are what the browser makes of the one that has stayed. */
function swallowRest(): void {
	const rest = new AbortController();
	const { signal } = rest;
	const swallow = (event: Event) => {
		event.preventDefault();
		event.stopPropagation();
	};
	for (const name of ['click', 'contextmenu'])
		document.addEventListener(name, swallow, { capture: true, signal });
	document.addEventListener('pointerdown', () => rest.abort(), { capture: true, signal });
}

/** A finger that stays, and where. */
export function longPress(run: (x: number, y: number) => void): Attachment<HTMLElement> {
	return (element) => {
		const end = new AbortController();
		let timer: ReturnType<typeof setTimeout> | undefined;
		let at = { x: 0, y: 0 };
		const on = (name: string, listener: (event: PointerEvent) => void) =>
			element.addEventListener(name, listener as EventListener, { signal: end.signal });
		const stop = () => clearTimeout(timer);
		on('pointerdown', (event) => {
			stop();
			if (event.pointerType === 'mouse' || !event.isPrimary) return;
			// What lies deeper is meant, and not what it lies in as well.
			event.stopPropagation();
			at = { x: event.clientX, y: event.clientY };
			timer = setTimeout(() => {
				swallowRest();
				navigator.vibrate?.(10);
				run(at.x, at.y);
			}, HOLD_MS);
		});
		on('pointermove', ({ clientX, clientY }) => {
			if (Math.hypot(clientX - at.x, clientY - at.y) > STILL) stop();
		});
		on('pointerup', stop);
		on('pointercancel', stop);
		return () => {
			stop();
			end.abort();
		};
	};
}
