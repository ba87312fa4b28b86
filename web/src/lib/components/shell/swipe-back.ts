import type { Attachment } from 'svelte/attachments';

const BEGIN_PX = 12;
/** How much of the width, or how fast in pixels a millisecond, takes one back. */
const FAR = 0.35;
const FAST = 0.5;
const SETTLE = { duration: 180, easing: 'cubic-bezier(0.2, 0.8, 0.2, 1)' };

interface Options {
	/** What moves with the finger; null where there is nothing to go back from. */
	target: () => HTMLElement | null;
	/** Nothing may move by itself; then it only happens. */
	calm: () => boolean;
	onmoving: (moving: boolean) => void;
	onback: () => Promise<void>;
}

/** Swiping to the right goes back, except over what scrolls that way itself; the browser's own way back is never taken. */
export function swipeBack(options: Options): Attachment<HTMLElement> {
	return (root) => {
		let start: { x: number; y: number; at: number } | null = null;
		let moving: HTMLElement | null = null;
		/** What the finger lies on and scrolls sideways. */
		let scroller: Element | null = null;
		/** At its left end it has nowhere to go, and the browser would leave the page. */
		let held = false;
		let way = 0;

		function touched(event: TouchEvent) {
			const touch = event.touches[0];
			scroller = scrollerOf(event.target, root);
			const may = event.touches.length === 1 && touch && !isOwn(event.target);
			start = may ? { x: touch.clientX, y: touch.clientY, at: event.timeStamp } : null;
			held = false;
			way = 0;
		}

		function moved(event: TouchEvent) {
			const touch = event.touches[0];
			// What scrolls already goes on doing so.
			if (!event.cancelable) return;
			if (held) event.preventDefault();
			if (!start || !touch) return;
			const [dx, dy] = [touch.clientX - start.x, touch.clientY - start.y];
			if (!moving) {
				if (Math.hypot(dx, dy) < BEGIN_PX) return;
				const right = dx > Math.abs(dy) * 1.5;
				held = right && !!scroller && scroller.scrollLeft <= 0;
				if (held) event.preventDefault();
				moving = right && !scroller ? options.target() : null;
				if (!moving) return void (start = null);
				options.onmoving(true);
			}
			event.preventDefault();
			way = Math.max(0, dx);
			if (!options.calm()) moving.style.translate = `${way}px`;
		}

		async function lifted(event: TouchEvent) {
			const target = moving;
			if (!target || !start) return;
			const speed = way / Math.max(1, event.timeStamp - start.at);
			const back = event.type === 'touchend' && (way > target.clientWidth * FAR || speed > FAST);
			start = moving = null;
			if (!options.calm()) {
				const end = back ? `${target.clientWidth}px` : '0px';
				await target.animate({ translate: end }, { ...SETTLE, fill: 'forwards' }).finished;
			}
			if (back) await options.onback();
			for (const animation of target.getAnimations()) animation.cancel();
			target.style.translate = '';
			options.onmoving(false);
		}

		const ended = (event: TouchEvent) => void lifted(event);
		root.addEventListener('touchstart', touched, { passive: true });
		root.addEventListener('touchmove', moved, { passive: false });
		root.addEventListener('touchend', ended);
		root.addEventListener('touchcancel', ended);
		return () => {
			root.removeEventListener('touchstart', touched);
			root.removeEventListener('touchmove', moved);
			root.removeEventListener('touchend', ended);
			root.removeEventListener('touchcancel', ended);
		};
	};
}

/** What has gestures of its own. */
function isOwn(target: EventTarget | null): boolean {
	if (!(target instanceof Element)) return true;
	return !!target.closest('dialog, [popover], input[type="range"], video, audio');
}

function scrollerOf(target: EventTarget | null, root: HTMLElement): Element | null {
	for (
		let at = target instanceof Element ? target : null;
		at && at !== root;
		at = at.parentElement
	) {
		if (at.scrollWidth <= at.clientWidth + 1) continue;
		if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return at;
	}
	return null;
}
