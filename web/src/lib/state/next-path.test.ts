import { expect, it } from 'vitest';
import { safeNext, signInPath } from './next-path';

const origin = 'https://charla.test';

it('goes back to paths of ours', () => {
	expect(safeNext('/rooms/1?x=2#y', origin)).toBe('/rooms/1?x=2#y');
	expect(safeNext('/browse', origin)).toBe('/browse');
});

it.each([
	null,
	'',
	'rooms/1',
	'//evil.test/',
	'/\\evil.test/',
	'/\t/evil.test/',
	'https://evil.test/',
	'javascript:alert(1)',
	'/.//evil.test/',
	'/..//evil.test',
	'/sign-in?next=/sign-in',
])('goes to the start page for %j', (wished) => {
	expect(safeNext(wished, origin)).toBe('/');
});

it('remembers where one wanted to go', () => {
	expect(signInPath(new URL('/rooms/1?a=b', origin))).toBe('/sign-in?next=%2Frooms%2F1%3Fa%3Db');
	expect(signInPath(new URL('/', origin))).toBe('/sign-in');
});
