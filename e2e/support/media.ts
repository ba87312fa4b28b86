import { crc32, deflateSync } from 'node:zlib';
import type { Page } from '@playwright/test';

function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const frame = Buffer.alloc(8);
	frame.writeUInt32BE(data.length, 0);
	frame.writeUInt32BE(crc32(body), 4);
	return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A picture: a sky of some hue over something darker, so that up and down can be told apart. */
export function png(width: number, height: number, hue = 200): Buffer {
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width, 0);
	head.writeUInt32BE(height, 4);
	head.set([8, 2, 0, 0, 0], 8);
	const wave = (shift: number) => Math.cos(((hue + shift) * Math.PI) / 180) * 0.5 + 0.5;
	const tint = [wave(0), wave(240), wave(120)];
	const rows = Buffer.alloc(height * (1 + width * 3));
	for (let y = 0; y < height; y++) {
		const light = y < height * 0.6 ? 140 + (100 * y) / height : 60;
		for (let x = 0; x < width; x++) {
			const at = y * (1 + width * 3) + 1 + x * 3;
			for (const [channel, part] of tint.entries())
				rows[at + channel] = Math.min(255, light * (0.5 + part * 0.6) + (30 * x) / width);
		}
	}
	return Buffer.concat([
		Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
		chunk('IHDR', head),
		chunk('IDAT', deflateSync(rows)),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

/** So many seconds of a tone. */
export function wav(seconds: number): Buffer {
	const rate = 8_000;
	const samples = Buffer.alloc(rate * seconds);
	for (let at = 0; at < samples.length; at++) samples[at] = 128 + 40 * Math.sin(at / 3);
	const head = Buffer.alloc(44);
	head.write('RIFF', 0, 'latin1');
	head.writeUInt32LE(36 + samples.length, 4);
	head.write('WAVEfmt ', 8, 'latin1');
	head.writeUInt32LE(16, 16);
	head.writeUInt16LE(1, 20);
	head.writeUInt16LE(1, 22);
	head.writeUInt32LE(rate, 24);
	head.writeUInt32LE(rate, 28);
	head.writeUInt16LE(1, 32);
	head.writeUInt16LE(8, 34);
	head.write('data', 36, 'latin1');
	head.writeUInt32LE(samples.length, 40);
	return Buffer.concat([head, samples]);
}

/** Half a second of a moving square, 160×120, recorded by the browser of the page. */
export async function film(page: Page): Promise<Buffer> {
	const bytes = await page.evaluate(async () => {
		const canvas = document.createElement('canvas');
		[canvas.width, canvas.height] = [160, 120];
		const pen = canvas.getContext('2d');
		if (!pen) throw new Error('no canvas');
		const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: 'video/webm' });
		const parts: Blob[] = [];
		recorder.ondataavailable = ({ data }) => parts.push(data);
		const ended = new Promise((end) => (recorder.onstop = end));
		recorder.start();
		const begin = performance.now();
		for (let at = 0; at < 500; at = performance.now() - begin) {
			pen.fillStyle = '#0d6b62';
			pen.fillRect(0, 0, 160, 120);
			pen.fillStyle = '#f4d9a0';
			pen.fillRect(at / 5, 40, 40, 40);
			await new Promise(requestAnimationFrame);
		}
		recorder.stop();
		await ended;
		return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
	});
	return Buffer.from(bytes);
}
