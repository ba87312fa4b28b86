import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import { chunkGroups, compileAhead } from './chunks.ts';
import { PHONE } from './src/lib/styles/phone.ts';

const leanIcon = fileURLToPath(new URL('src/lib/components/ui/LeanIcon.svelte', import.meta.url));
const server = 'http://127.0.0.1:8000';

export default defineConfig({
	plugins: [sveltekit(), compileAhead()],
	resolve: {
		// What every one of Lucide's icons is drawn by.
		alias: [{ find: /^\.\.\/Icon\.svelte$/, replacement: leanIcon }],
	},
	css: {
		postcss: {
			plugins: [
				{
					// Custom media that hold in all files: https://drafts.csswg.org/mediaqueries-5/#custom-mq
					postcssPlugin: 'custom-media',
					AtRule: {
						media(rule) {
							if (rule.params.includes('(--phone)'))
								rule.params = rule.params.replace('(--phone)', PHONE);
						},
					},
				},
			],
		},
	},
	environments: {
		client: {
			build: { rolldownOptions: { output: { codeSplitting: { groups: chunkGroups() } } } },
		},
	},
	build: {
		// Those that know `:dir()`: what would stand in its place asks for the language of the page, and asks long.
		cssTarget: ['chrome120', 'edge120', 'firefox121', 'safari16.4'],
	},
	server: {
		proxy: {
			'/api': { target: server },
			'/media': { target: server },
			'/ws': { target: server, ws: true },
		},
	},
	test: {
		include: ['src/**/*.test.ts'],
		environment: 'node',
	},
});
