import { expect, it } from 'vitest';
import { mayAppoint, mayGovern, mayRename } from './offices';

const person = { id: 'ana', is_staff: false, is_superuser: false };
const staff = { id: 'ben', is_staff: true, is_superuser: false };
const chief = { id: 'chief', is_staff: true, is_superuser: true };
const others = { person, staff: { ...staff, id: 'eva' }, chief: { ...chief, id: 'zoe' } };

it.each([
	['person', staff, true, true, false],
	['staff', staff, false, false, false],
	['chief', staff, false, false, false],
	['person', chief, true, true, true],
	['staff', chief, true, true, true],
	['chief', chief, true, true, false],
	['person', { ...person, id: 'tom' }, false, false, false],
] as const)('offers of %s', (other, me, governs, renames, appoints) => {
	const user = others[other];
	expect(mayGovern(me, user)).toBe(governs);
	expect(mayRename(me, user)).toBe(renames);
	expect(mayAppoint(me, user)).toBe(appoints);
});

it('offers nobody to take their own office away', () => {
	for (const me of [staff, chief]) {
		expect(mayRename(me, me)).toBe(true);
		expect(mayGovern(me, me)).toBe(false);
		expect(mayAppoint(me, me)).toBe(false);
	}
});
