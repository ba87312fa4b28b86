import { expect, it } from 'vitest';
import { between, csvPath } from './audit-query';

it('takes whole days where the reader is', () => {
	expect(between({ from: '2026-03-10', to: '2026-03-31' })).toEqual({
		after: new Date(2026, 2, 10).toISOString(),
		before: new Date(2026, 3, 1).toISOString(),
	});
	expect(between({ from: '', to: '' })).toEqual({});
});

it('asks for the same as a table', () => {
	const filter = { action: 'person_banned', after: '2026-03-10T00:00:00.000Z', actor: '' };
	expect(csvPath('/api/v1/admin/audit/', filter)).toBe(
		'/api/v1/admin/audit/?action=person_banned&after=2026-03-10T00%3A00%3A00.000Z&format=csv',
	);
	expect(csvPath('/api/v1/admin/audit/', {})).toBe('/api/v1/admin/audit/?format=csv');
});
