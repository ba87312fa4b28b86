import type { Attachment } from 'svelte/attachments';

const PRESS_MS = 500;
const TREMBLE_PX = 10;

/** A finger that rests for a moment; what it rests on is not pressed then. */
export function longPress(run: (x: number, y: number) => void): Attachment<HTMLElement> {
	return (element) => {
		let timer: ReturnType<typeof setTimeout> | undefined;
		let start = { x: 0, y: 0 };
		let fired = false;
		const stop = () => clearTimeout(timer);

		function touched(event: TouchEvent) {
			stop();
			fired = false;
			const touch = event.touches[0];
			if (!touch || event.touches.length > 1) return;
			start = { x: touch.clientX, y: touch.clientY };
			timer = setTimeout(() => {
				fired = true;
				run(start.x, start.y);
			}, PRESS_MS);
		}

		function moved({ touches: [touch] }: TouchEvent) {
			if (!touch) return;
			if (Math.hypot(touch.clientX - start.x, touch.clientY - start.y) > TREMBLE_PX) stop();
		}

		function lifted(event: TouchEvent) {
			stop();
			if (fired) event.preventDefault();
		}

		element.addEventListener('touchstart', touched, { passive: true });
		element.addEventListener('touchmove', moved, { passive: true });
		element.addEventListener('touchend', lifted);
		element.addEventListener('touchcancel', stop);
		return () => {
			stop();
			element.removeEventListener('touchstart', touched);
			element.removeEventListener('touchmove', moved);
			element.removeEventListener('touchend', lifted);
			element.removeEventListener('touchcancel', stop);
		};
	};
}
