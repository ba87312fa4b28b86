/** How a picture lies in its frame: so many times as large as fits, its middle moved by `x` and `y` pixels. */
export interface Zoom {
	scale: number;
	x: number;
	y: number;
}

export interface Size {
	width: number;
	height: number;
}

export const fitting: Zoom = { scale: 1, x: 0, y: 0 };
export const MAX_SCALE = 8;
/** What a double click does. */
export const CLOSE_UP = 2.5;

/** Larger or smaller, so that what lies at a point (from the frame's middle) stays there. */
export function zoomAt(zoom: Zoom, factor: number, point: { x: number; y: number }): Zoom {
	const scale = Math.min(MAX_SCALE, Math.max(1, zoom.scale * factor));
	if (scale === 1) return fitting;
	const grown = scale / zoom.scale;
	return {
		scale,
		x: point.x - (point.x - zoom.x) * grown,
		y: point.y - (point.y - zoom.y) * grown,
	};
}

/** Where an arrow key takes the look: the picture goes the other way. */
export function panBy(key: string, step: number): { x: number; y: number } | undefined {
	return {
		ArrowLeft: { x: step, y: 0 },
		ArrowRight: { x: -step, y: 0 },
		ArrowUp: { x: 0, y: step },
		ArrowDown: { x: 0, y: -step },
	}[key];
}

/** No further than its edges: `picture` is its size where it fits. */
export function within(zoom: Zoom, picture: Size, frame: Size): Zoom {
	const room = (side: number, whole: number) => Math.max(0, (side * zoom.scale - whole) / 2);
	const [x, y] = [room(picture.width, frame.width), room(picture.height, frame.height)];
	return {
		scale: zoom.scale,
		x: Math.min(x, Math.max(-x, zoom.x)),
		y: Math.min(y, Math.max(-y, zoom.y)),
	};
}
