import { t } from '$lib/i18n/i18n.svelte';
import type { Key } from '$lib/i18n/en';

interface Option<T> {
	value: T;
	label: string;
}

/** What a list may be narrowed to, and nothing of it. */
export function anyOf<T extends string>(
	values: readonly T[],
	label: (value: T) => string,
): Option<T | ''>[] {
	const all = values.map((value) => ({ value, label: label(value) }));
	return [{ value: '', label: t('admin.any') }, ...all];
}

type Sort = Extract<Key, `admin.sort.${string}`> extends `admin.sort.${infer Name}` ? Name : never;

/** What a list may be ordered by. */
export function orders<T extends Sort>(sorts: readonly T[]): Option<T>[] {
	return sorts.map((value) => ({ value, label: t(`admin.sort.${value}`) }));
}
