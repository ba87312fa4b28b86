import { expect, it } from 'vitest';
import { fitting, MAX_SCALE, panBy, within, zoomAt } from './zoom';

it('keeps the point under the finger', () => {
	const zoom = zoomAt(fitting, 2, { x: 100, y: -40 });
	// A point p of the picture is shown at p * scale + offset.
	expect(zoom).toEqual({ scale: 2, x: -100, y: 40 });
	const further = zoomAt(zoom, 2, { x: 100, y: -40 });
	expect(100 * further.scale + further.x).toBe(100);
	expect(zoomAt(further, 0.01, { x: 5, y: 5 })).toEqual(fitting);
	expect(zoomAt(fitting, 100, { x: 0, y: 0 }).scale).toBe(MAX_SCALE);
});

it('stays within the edges', () => {
	const frame = { width: 400, height: 800 };
	const picture = { width: 400, height: 300 };
	expect(within({ scale: 2, x: 900, y: 900 }, picture, frame)).toEqual({ scale: 2, x: 200, y: 0 });
	expect(within({ scale: 4, x: 0, y: -900 }, picture, frame)).toEqual({ scale: 4, x: 0, y: -200 });
	expect(within(fitting, picture, frame)).toEqual(fitting);
});

it('looks where the arrow points', () => {
	const frame = { width: 400, height: 400 };
	// Its right edge comes nearer as it goes to the left.
	const right = panBy('ArrowRight', 80);
	expect(within({ scale: 2, x: right?.x ?? 0, y: 0 }, frame, frame).x).toBe(-80);
	expect(panBy('ArrowDown', 80)).toEqual({ x: 0, y: -80 });
	expect(panBy('Enter', 80)).toBeUndefined();
});
