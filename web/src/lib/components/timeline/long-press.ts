import type { Attachment } from 'svelte/attachments';

const HOLD_MS = 450;
/** A finger never lies quite still, in pixels. */
const STILL = 10;

/** A finger that stays. What the browser would make of it afterwards, a click or a menu of its own, does not come. */
export function longPress(run: () => void): Attachment<HTMLElement> {
	return (element) => {
		let timer: ReturnType<typeof setTimeout> | undefined;
		let at = { x: 0, y: 0 };
		let held = false;
		const stop = () => clearTimeout(timer);
		const down = (event: PointerEvent) => {
			stop();
			held = false;
			if (event.pointerType === 'mouse' || !event.isPrimary) return;
			// What lies deeper is meant, and not what it lies in as well.
			event.stopPropagation();
			at = { x: event.clientX, y: event.clientY };
			timer = setTimeout(() => {
				held = true;
				navigator.vibrate?.(10);
				run();
			}, HOLD_MS);
		};
		const move = ({ clientX, clientY }: PointerEvent) => {
			if (Math.hypot(clientX - at.x, clientY - at.y) > STILL) stop();
		};
		const swallow = (event: Event) => {
			if (!held) return;
			event.preventDefault();
			event.stopPropagation();
		};
		const listeners: [string, (event: never) => void, boolean?][] = [
			['pointerdown', down],
			['pointermove', move],
			['pointerup', stop],
			['pointercancel', stop],
			['click', swallow, true],
			['contextmenu', swallow, true],
		];
		for (const [name, listener, capture] of listeners)
			element.addEventListener(name, listener as EventListener, capture);
		return () => {
			stop();
			for (const [name, listener, capture] of listeners)
				element.removeEventListener(name, listener as EventListener, capture);
		};
	};
}
