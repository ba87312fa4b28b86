export const operators = ['from', 'in', 'has', 'before', 'after'] as const;
export type Operator = (typeof operators)[number];

/** One `from:ana` of a search. */
export interface Filter {
	readonly operator: Operator;
	readonly value: string;
	/** As it stands in what was typed. */
	readonly text: string;
}

const FILTER = /(?<=^|\s)(from|in|has|before|after):("[^"]+"|[^\s"]+)(?=\s|$)/gi;

export function filtersOf(query: string): Filter[] {
	return [...query.matchAll(FILTER)].map(([text, operator = '', value = '']) => ({
		operator: operator.toLowerCase() as Operator,
		value: value.replaceAll('"', ''),
		text,
	}));
}

/** The first value that is asked for. */
export function valueOf(query: string, operator: Operator): string {
	return filtersOf(query).find((filter) => filter.operator === operator)?.value ?? '';
}

/** What is left without the filters: the words. */
export function wordsOf(query: string): string {
	return tidy(query.replace(FILTER, ' '));
}

export function without(query: string, filter: Filter): string {
	return tidy(query.replace(filter.text, ' '));
}

/** The search with one filter of that kind, or with none where the value is blank. */
export function withFilter(query: string, operator: Operator, value: string): string {
	const others = filtersOf(query)
		.filter((filter) => filter.operator === operator)
		.reduce(without, tidy(query));
	if (!value.trim()) return others;
	const shown = /\s/.test(value) ? `"${value}"` : value;
	return tidy(`${others} ${operator}:${shown}`);
}

function tidy(text: string): string {
	return text.replace(/\s+/g, ' ').trim();
}
