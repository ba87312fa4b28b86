import type { AuditFilter } from '$lib/api/admin';

/** Days as the reader counts them, both of which belong to it. */
export interface Days {
	from: string;
	to: string;
}

/** The moments at which the days begin and are over. */
export function between({ from, to }: Days): Pick<AuditFilter, 'after' | 'before'> {
	return {
		...(from && { after: midnight(from, 0) }),
		...(to && { before: midnight(to, 1) }),
	};
}

function midnight(day: string, later: number): string {
	const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
	return new Date(year, month - 1, date + later).toISOString();
}

/** Where a list is to be had as a table for spreadsheets. */
export function csvPath(path: string, filter: object): string {
	const wanted = Object.entries(filter).filter(([, value]) => value !== undefined && value !== '');
	const query = new URLSearchParams(wanted.map(([name, value]) => [name, `${value}`]));
	query.set('format', 'csv');
	return `${path}?${query}`;
}
