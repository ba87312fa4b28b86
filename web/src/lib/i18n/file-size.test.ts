import { describe, expect, it } from 'vitest';
import { fileSize } from './file-size';

describe('the size of a file', () => {
	it.each([
		[0, '0 bytes'],
		[999, '999 bytes'],
		[1000, '1 kB'],
		[1_234_567, '1.2 MB'],
		[25 * 1024 * 1024, '26.2 MB'],
		[3_000_000_000_000, '3,000 GB'],
	])('%i bytes', (bytes, expected) => {
		expect(fileSize(bytes)).toBe(expected);
	});
});
