import { expect, it } from 'vitest';
import { filtersOf, valueOf, withFilter, without, wordsOf } from './search-query';

it('tells filters from words', () => {
	const query = 'roses from:ana "in: quotes" IN:"Team room" has:';
	expect(filtersOf(query).map(({ operator, value }) => [operator, value])).toEqual([
		['from', 'ana'],
		['in', 'Team room'],
	]);
	expect(wordsOf(query)).toBe('roses "in: quotes" has:');
	expect(valueOf(query, 'in')).toBe('Team room');
	expect(valueOf(query, 'before')).toBe('');
});

it('puts a filter in the place of another of its kind', () => {
	expect(withFilter('roses has:file', 'has', 'image')).toBe('roses has:image');
	expect(withFilter('roses', 'in', 'Team room')).toBe('roses in:"Team room"');
	expect(withFilter('from:ana roses', 'from', '')).toBe('roses');
});

it('takes one filter away', () => {
	const [filter] = filtersOf('from:ana roses from:ben');
	expect(filter && without('from:ana roses from:ben', filter)).toBe('roses from:ben');
});
