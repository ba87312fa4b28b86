import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import adapter from '@sveltejs/adapter-static';

/** The same for the same sources, wherever and however often they are built: only what has changed is a new version. */
function version() {
	const root = import.meta.dirname;
	const hash = createHash('sha256');
	const names = ['src', 'static'].flatMap((folder) =>
		readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => !name.endsWith('.test.ts'))
			.map((name) => join(folder, name)),
	);
	for (const name of [...names, 'package-lock.json', 'svelte.config.js', 'vite.config.ts'].sort()) {
		const file = join(root, name);
		if (statSync(file).isFile()) hash.update(name).update(readFileSync(file));
	}
	return hash.digest('hex').slice(0, 16);
}

/** @type {import('@sveltejs/kit').Config} */
const config = {
	compilerOptions: {
		runes: ({ filename }) => (filename.includes('node_modules') ? undefined : true),
	},
	kit: {
		// One page for every address: the server answers unknown paths with index.html.
		adapter: adapter({ fallback: 'index.html' }),
		version: { name: version() },
		serviceWorker: {
			// Not while the page loads: `UpdateNote` does it once all is quiet.
			register: false,
			// Icons are for those who install it, and come from the server.
			files: (file) => /^(early\.(css|js)|mark\.svg)$/.test(file),
		},
		csp: {
			mode: 'hash',
			directives: {
				'default-src': ['self'],
				'script-src': ['self'],
				'worker-src': ['self'],
				'manifest-src': ['self'],
				'style-src': ['self'],
				// SvelteKit hides its route announcer with this one style attribute.
				'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
				// From where they may come says the server's own policy, which knows the storage.
				'img-src': ['*', 'data:', 'blob:'],
				'media-src': ['*', 'blob:'],
				'connect-src': ['self'],
				// No text becomes HTML, nor an address a worker, but by way of these; see `lib/trusted.ts` and `early.js`.
				'require-trusted-types-for': ['script'],
				'trusted-types': ['svelte-trusted-html', 'charla', 'default'],
				'object-src': ['none'],
				'base-uri': ['none'],
				'form-action': ['self'],
			},
		},
	},
};

export default config;
