import { get } from 'node:http';
import { expect, test } from '../support/test.ts';

/** The body of an answer to somebody who takes these encodings, and how it was encoded. */
function fetchAs(url: string, encodings: string): Promise<{ coding: string; body: string }> {
	return new Promise((resolve, reject) => {
		get(url, { headers: { 'accept-encoding': encodings } }, (answer) => {
			const parts: Buffer[] = [];
			answer.on('data', (part: Buffer) => parts.push(part));
			answer.on('error', reject);
			answer.on('end', () => {
				const coding = answer.headers['content-encoding'] ?? 'none';
				resolve({ coding, body: Buffer.concat(parts).toString() });
			});
		}).on('error', reject);
	});
}

test(
	'who does not take brotli gets the files unpacked',
	{ tag: '@desktop' },
	async ({ server }) => {
		for (const path of ['/', '/api-docs/standalone.js']) {
			const packed = await fetchAs(server.url + path, 'gzip, br');
			const plain = await fetchAs(server.url + path, 'gzip');
			expect(packed.coding, path).toBe('br');
			expect(plain.coding, path).toBe('none');
			const read = await (await fetch(server.url + path)).text();
			expect(plain.body === read && read.length > 1_000, path).toBe(true);
		}
	},
);
