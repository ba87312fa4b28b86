import { describe, expect, it } from 'vitest';
import { ana, luis } from '$lib/testing/messages';
import { matchPeople, tokenAt } from './completion';

/** The token before the `|`. */
function token(marked: string) {
	const caret = marked.indexOf('|');
	const found = tokenAt(marked.replace('|', ''), caret);
	return found && `${found.kind} ${found.query}${found.closed ? ' closed' : ''} ${found.from}`;
}

describe('the word at the caret', () => {
	it('is a name after an @', () => {
		expect(token('hi @an|a')).toBe('person an 3');
		expect(token('@|')).toBe('person  0');
		expect(token('(@josé.luis|')).toBe('person josé.luis 1');
		expect(token('one\n@a|')).toBe('person a 4');
	});

	it('is no address and no finished name', () => {
		expect(token('ana@exa|')).toBeNull();
		expect(token('@ana |')).toBeNull();
		expect(token('hi|')).toBeNull();
	});

	it('is an emoji after a colon and two letters', () => {
		expect(token('so :smi|')).toBe('emoji smi 3');
		expect(token(':+1|')).toBe('emoji +1 0');
		expect(token('so :smile:|')).toBe('emoji smile closed 3');
	});

	it('is neither a time nor a lone colon', () => {
		expect(token('at 10:30|')).toBeNull();
		expect(token('so: |')).toBeNull();
		expect(token('so :)|')).toBeNull();
		expect(token(':s|')).toBeNull();
		expect(token('std::vec|')).toBeNull();
	});
});

describe('people', () => {
	const zoe = { ...ana, id: 'zoe', username: 'zoe', display_name: 'Zoé Anaya' };
	const people = [zoe, ana, luis];

	it('match by username, name and last name, in this order', () => {
		expect(matchPeople(people, 'an', 8).map(({ id }) => id)).toEqual(['ana', 'zoe']);
		expect(matchPeople(people, 'zoé', 8).map(({ id }) => id)).toEqual(['zoe']);
		expect(matchPeople(people, 'LU', 8).map(({ id }) => id)).toEqual(['luis']);
		expect(matchPeople(people, 'x', 8)).toEqual([]);
	});

	it('are all there at first, up to so many', () => {
		expect(matchPeople(people, '', 2)).toHaveLength(2);
	});
});
