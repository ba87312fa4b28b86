import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import { chunkGroups } from './chunks.ts';

const server = 'http://127.0.0.1:8000';

export default defineConfig({
	plugins: [sveltekit()],
	environments: {
		client: {
			build: { rolldownOptions: { output: { codeSplitting: { groups: chunkGroups() } } } },
		},
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
