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

/** Of the one finger that may be waited for. */
let timer: ReturnType<typeof setTimeout> | undefined;
const stop = () => clearTimeout(timer);

/** For `onpointerdown`: a finger that stays, and where. Every message has it: until a finger comes down it costs nothing. */
export function longPress(
	event: PointerEvent & { currentTarget: HTMLElement },
	run: (x: number, y: number) => void,
): void {
	stop();
	if (event.pointerType === 'mouse' || !event.isPrimary) return;
	// What lies deeper is meant, and not what it lies in as well.
	event.stopPropagation();
	const { currentTarget: element, clientX: x, clientY: y } = event;
	timer = setTimeout(() => {
		// It may have left the page meanwhile.
		if (!element.isConnected) return;
		swallowRest();
		navigator.vibrate?.(10);
		run(x, y);
	}, HOLD_MS);
	element.onpointerup = element.onpointercancel = stop;
	element.onpointermove = ({ clientX, clientY }) => {
		if (Math.hypot(clientX - x, clientY - y) > STILL) stop();
	};
}
