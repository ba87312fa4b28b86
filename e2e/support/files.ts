import { deflateSync } from 'node:zlib';
import type { Locator, Page } from '@playwright/test';

export interface TestFile {
	name: string;
	mimeType: string;
	buffer: Buffer;
}

/** A picture in one colour. */
export function picture(name: string, width = 320, height = 200, rgb = [13, 107, 98]): TestFile {
	const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from(rgb))]);
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width, 0);
	head.writeUInt32BE(height, 4);
	head.set([8, 2, 0, 0, 0], 8);
	const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
	const buffer = Buffer.concat([
		Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
		chunk('IHDR', head),
		chunk('IDAT', pixels),
		chunk('IEND', Buffer.alloc(0)),
	]);
	return { name, mimeType: 'image/png', buffer };
}

export function document(name: string, size = 2_000): TestFile {
	return { name, mimeType: 'text/plain', buffer: Buffer.alloc(size, 'Charla ') };
}

/** Lets files fall on an element, or puts them on the clipboard and pastes them there. */
export async function bring(
	page: Page,
	target: Locator,
	how: ('dragenter' | 'drop' | 'paste')[],
	files: TestFile[],
): Promise<void> {
	const given = files.map(({ name, mimeType, buffer }) => ({
		name,
		mimeType,
		base64: buffer.toString('base64'),
	}));
	const data = await page.evaluateHandle((list) => {
		const transfer = new DataTransfer();
		for (const { name, mimeType, base64 } of list) {
			const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
			transfer.items.add(new File([bytes], name, { type: mimeType }));
		}
		return transfer;
	}, given);
	for (const type of how) {
		if (type === 'paste') {
			await target.evaluate((element, clipboardData) => {
				const init = { clipboardData, bubbles: true, cancelable: true };
				element.dispatchEvent(new ClipboardEvent('paste', init));
			}, data);
		} else {
			await target.dispatchEvent(type, { dataTransfer: data });
		}
	}
}

function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type), data]);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(data.length);
	const sum = Buffer.alloc(4);
	sum.writeUInt32BE(crc(body));
	return Buffer.concat([length, body, sum]);
}

function crc(data: Buffer): number {
	let rest = 0xffffffff;
	for (const byte of data) {
		rest ^= byte;
		for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
	}
	return (rest ^ 0xffffffff) >>> 0;
}
