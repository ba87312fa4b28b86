import { expect, it } from 'vitest';
import { isLong } from './length';

it.each([
	['a word', '<p>Hello</p>', false],
	['a page of words', `<p>${'word '.repeat(400)}</p>`, false],
	['ten thousand characters', `<p>${'word '.repeat(2_000)}</p>`, true],
	['many lines', `<p>${'x<br />\n'.repeat(60)}</p>`, true],
	['a long block of code', `<pre><code>${'x\n'.repeat(60)}</code></pre>`, true],
	['a high table', `<table>${'<tr><td>x</td>\n<td>y</td></tr>'.repeat(60)}</table>`, true],
	['a table of some rows', `<table>${'<tr><td>x</td><td>y</td></tr>'.repeat(12)}</table>`, false],
	['what is not sent yet', 'x\n'.repeat(60), true],
])('%s', (_, content, expected) => expect(isLong(content)).toBe(expected));
