import type { Language } from '$lib/api/types';
import type { Dictionary, Key } from './en';

export type { Language };
export type Params = Record<string, string | number>;

export const languages: Record<Language, string> = { en: 'English', es: 'Español' };

/** Some of the texts, by language: only those of the one that is shown are loaded. */
export type Texts = Record<Language, () => Promise<Partial<Dictionary>>>;

/** Those that every page of who is signed in needs. */
export const dictionaries: Texts = {
	en: async () => (await import('./en')).en,
	es: async () => (await import('./es')).es,
};

/** Those of the pages for who is signed out, of `outside.ts`; the other texts are not there yet. */
export const outsideDictionaries: Texts = {
	en: async () => (await import('./en/outside')).outside,
	es: async () => (await import('./es/outside')).outside,
};

/** The first of the wished languages that we speak; English otherwise. */
export function pickLanguage(wished: readonly (string | null | undefined)[]): Language {
	for (const tag of wished) {
		const base = tag?.split('-')[0]?.toLowerCase();
		if (base === 'en' || base === 'es') return base;
	}
	return 'en';
}

/** The first of the wished locales that is a variety of `language`; else the language itself. */
export function pickLocale(language: Language, wished: readonly string[]): string {
	return wished.find((tag) => tag.toLowerCase().startsWith(`${language}-`)) ?? language;
}

/** The text for `key`, with `{name}` filled in; a plural chooses its form by `count`. */
export function translate(
	language: Language,
	words: Dictionary,
	key: Key,
	params?: Params,
): string {
	const entry = words[key];
	const text = typeof entry === 'string' ? entry : form(language, entry, Number(params?.count));
	if (!params) return text;
	return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
		const value = params[name];
		if (value === undefined) return hole;
		return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value;
	});
}

function form(
	language: Language,
	plural: { one: string; many?: string; other: string },
	count: number,
): string {
	const category = new Intl.PluralRules(language).select(count);
	if (category === 'one') return plural.one;
	return (category === 'many' ? plural.many : undefined) ?? plural.other;
}
