// Runs after `vite build`: adds the API reference's script to the build, then puts a brotli file
// in the place of everything that shrinks: the server never compresses while it serves, and its
// program holds each file once.
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const build = join(root, 'build');
const compressible = new Set(['.html', '.js', '.css', '.json', '.svg', '.txt', '.webmanifest']);
const compress = promisify(brotliCompress);

async function addApiReference() {
	const target = join(build, 'api-docs');
	await mkdir(target, { recursive: true });
	await copyFile(
		join(root, 'node_modules/@scalar/api-reference/dist/browser/standalone.js'),
		join(target, 'standalone.js'),
	);
}

/** @param {string} file */
async function pack(file) {
	const source = await readFile(file);
	const packed = await compress(source, {
		params: {
			[constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
			[constants.BROTLI_PARAM_SIZE_HINT]: source.length,
		},
	});
	if (packed.length < source.length) {
		await writeFile(`${file}.br`, packed);
		await rm(file);
	}
	return [source.length, Math.min(source.length, packed.length)];
}

await addApiReference();
let [plain, packed, count] = [0, 0, 0];
for (const name of await readdir(build, { recursive: true })) {
	const file = join(build, name);
	if (!compressible.has(extname(name)) || !(await stat(file)).isFile()) continue;
	const [before = 0, after = 0] = await pack(file);
	[plain, packed, count] = [plain + before, packed + after, count + 1];
}
console.log(`brotli: ${count} files, ${plain} → ${packed} bytes`);
