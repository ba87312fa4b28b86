import { describe, expect, it } from 'vitest';
import { MAX_ZOOM, middleOf, moved, sideOf, within, zoomed } from './crop';

const wide = { width: 400, height: 200 };

describe('the square of a picture', () => {
	it('begins as the largest in the middle', () => {
		const crop = middleOf(wide);
		expect(crop).toEqual({ x: 200, y: 100, zoom: 1 });
		expect(sideOf(wide, crop.zoom)).toBe(200);
	});

	it('stays inside the picture', () => {
		expect(within(wide, { x: -50, y: 500, zoom: 1 })).toEqual({ x: 100, y: 100, zoom: 1 });
		expect(within(wide, { x: 1, y: 1, zoom: 2 })).toEqual({ x: 50, y: 50, zoom: 2 });
	});

	it('goes against the way the picture is dragged', () => {
		expect(moved(wide, middleOf(wide), 0.25, 0.25)).toEqual({ x: 150, y: 100, zoom: 1 });
	});

	it('zooms between its limits, and comes back inside', () => {
		expect(zoomed(wide, middleOf(wide), 100).zoom).toBe(MAX_ZOOM);
		const corner = within(wide, { x: 0, y: 0, zoom: 4 });
		expect(zoomed(wide, corner, 0.1)).toEqual({ x: 100, y: 100, zoom: 1 });
	});
});
