import { expect, it } from 'vitest';
import { plainQuote } from './plain-quote';

it.each([
	['**Berta** and *Ana*', 'Berta and Ana'],
	['***both*** __bold__ _soft_ ~~gone~~', 'both bold soft gone'],
	['**bold with *soft* in it**', 'bold with soft in it'],
	['# Plan\n\n- one\n- [x] two\n1. three\n> said', 'Plan one two three said'],
	['a `snake_case_name` and snake_case_name', 'a snake_case_name and snake_case_name'],
	['`**kept**` and ``a ` tick``', '**kept** and a ` tick'],
	['```rust\nlet a = *b;\n```', 'let a = *b;'],
	['see [the *plan*](https://example.org "Plan")', 'see the plan'],
	['[not](javascript:alert(1)) this', 'not this'],
	['![a cat](https://example.org/cat.png)', 'a cat'],
	['2 * 3 * 4, 5 < 6', '2 * 3 * 4, 5 < 6'],
	['\\*not so\\*', '*not so*'],
	['cut in the mid **dle', 'cut in the mid **dle'],
	['', ''],
])('%j reads %j', (content, text) => expect(plainQuote(content)).toBe(text));

it('takes a long quote of signs in its stride', () => {
	for (const sign of ['*', '_', '`', '[', '\\', '> ', '~', '|-']) {
		const started = performance.now();
		plainQuote(sign.repeat(200));
		expect(performance.now() - started, sign).toBeLessThan(100);
	}
});
