import { expect, it } from 'vitest';
import { isMisleading } from './misleading';

it.each([
	['https://bank.example', 'https://evil.example/', true],
	['Log in at bank.example now', 'https://evil.example/', true],
	['www.bank.example', 'https://bank.example.evil.example/', true],
	['https://bank.example@evil.example/', 'https://bank.example@evil.example/', true],
	['https://evil.example/', 'https://evil.example/', false],
	['evil.example/a/file.txt', 'https://www.evil.example/a/file.txt', false],
	['See evil.example', 'https://evil.example/page', false],
	['https://bücher.example/', 'https://xn--bcher-kva.example/', false],
	['the plan', 'https://evil.example/', false],
	['me@bank.example', 'mailto:me@evil.example', false],
])('%s to %s: %s', (text, href, expected) => {
	expect(isMisleading(text, new URL(href))).toBe(expected);
});
