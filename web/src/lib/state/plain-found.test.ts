import { expect, it } from 'vitest';
import { plainFound } from './plain-found';

it.each([
	['**all <mark>roses</mark>** and *more*', 'all <mark>roses</mark> and more'],
	['see [the <mark>plan</mark>](https://example.org)', 'see the <mark>plan</mark>'],
	['```rust fn <mark>main</mark>() {} ```', 'fn <mark>main</mark>() {}'],
	['```rust\nfn <mark>main</mark>() {}\n```', 'fn <mark>main</mark>() {}'],
	['````c++\n<mark>main</mark>', '<mark>main</mark>'],
	['```<mark>rust</mark>\nfn main() {}', 'fn main() {}'],
	['```<mark>main</mark>```', '<mark>main</mark>'],
	['a \\<mark>rose</mark> &lt;b&gt; &amp;amp;', 'a <mark>rose</mark> &lt;b&gt; &amp;amp;'],
])('%j reads %j', (highlight, text) => expect(plainFound(highlight)).toBe(text));
