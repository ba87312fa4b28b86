import { expect, it } from 'vitest';
import { highlight } from './highlighter';

it('colours what it knows, and leaves alone what would take it minutes', () => {
	expect(highlight('let a = 1;', 'javascript')).toContain('hljs-keyword');
	expect(highlight('let a = 1;', 'klingon')).toBeNull();
	expect(highlight('[]('.repeat(3_300), 'markdown')).toBeNull();
	expect(highlight('[a](b)\n'.repeat(1_000), 'markdown')).toContain('hljs-');
});
