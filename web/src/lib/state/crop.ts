/** Which square of a picture is kept: its middle in the picture's own pixels, and how far it is zoomed in. */
export interface Crop {
	readonly x: number;
	readonly y: number;
	/** 1 shows as much as fits; more is nearer. */
	readonly zoom: number;
}

export interface Size {
	readonly width: number;
	readonly height: number;
}

export const MAX_ZOOM = 4;

/** The side of the square, in the picture's pixels. */
export function sideOf(picture: Size, zoom: number): number {
	return Math.min(picture.width, picture.height) / zoom;
}

/** The same with the square inside the picture. */
export function within(picture: Size, { x, y, zoom }: Crop): Crop {
	const near = clamp(zoom, 1, MAX_ZOOM);
	const half = sideOf(picture, near) / 2;
	return {
		zoom: near,
		x: clamp(x, half, picture.width - half),
		y: clamp(y, half, picture.height - half),
	};
}

export function middleOf(picture: Size): Crop {
	return { x: picture.width / 2, y: picture.height / 2, zoom: 1 };
}

/** Moves the picture under the square by a share of the square's side. */
export function moved(picture: Size, crop: Crop, right: number, down: number): Crop {
	const side = sideOf(picture, crop.zoom);
	return within(picture, { ...crop, x: crop.x - right * side, y: crop.y - down * side });
}

export function zoomed(picture: Size, crop: Crop, by: number): Crop {
	return within(picture, { ...crop, zoom: crop.zoom * by });
}

function clamp(value: number, least: number, most: number): number {
	return Math.min(Math.max(value, least), most);
}
