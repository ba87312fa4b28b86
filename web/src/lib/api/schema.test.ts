import { readFile } from 'node:fs/promises';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { expect, it } from 'vitest';

it('is what `npm run generate` writes', async () => {
	const document = new URL('../../../../docs/openapi.json', import.meta.url);
	const written = await readFile(new URL('schema.d.ts', import.meta.url), 'utf8');
	const current = COMMENT_HEADER + astToString(await openapiTS(document));
	// Not `toBe`: the difference would be thousands of lines.
	expect(written === current, 'src/lib/api/schema.d.ts is stale: run `npm run generate`').toBe(
		true,
	);
}, 30_000);
