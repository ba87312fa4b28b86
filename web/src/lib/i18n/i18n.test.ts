import { describe, expect, it } from 'vitest';
import { clockTime, daysBetween, relativeTime, shortTime } from './dates';
import { all as en } from './en/all';
import { all as es } from './es/all';
import { languages, pickLanguage, pickLocale, translate } from './translate';

const dictionaries = { en, es };

const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
const forms = (entry: unknown) =>
	typeof entry === 'string' ? [entry] : Object.values(entry as Record<string, string>);

describe('the dictionaries', () => {
	it('have the same keys', () => {
		expect(Object.keys(dictionaries.es).sort()).toEqual(Object.keys(dictionaries.en).sort());
	});

	it('have the same holes and no empty text', () => {
		for (const [key, entry] of Object.entries(dictionaries.en)) {
			const wanted = holes(forms(entry)[0] ?? '');
			const other = dictionaries.es[key as keyof typeof dictionaries.en];
			for (const text of [...forms(entry), ...forms(other)]) {
				expect(text.trim(), key).not.toBe('');
				expect(holes(text), key).toEqual(wanted);
			}
		}
	});

	it('cover every plural category of their language', () => {
		for (const language of Object.keys(languages) as (keyof typeof languages)[]) {
			const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
			for (const entry of Object.values(dictionaries[language])) {
				if (typeof entry !== 'string')
					expect(Object.keys(entry).sort()).toEqual([...pluralCategories].sort());
			}
		}
	});
});

it('fills in and counts', () => {
	expect(translate('en', en, 'rooms.unread', { count: 1 })).toBe('1 unread message');
	expect(translate('es', es, 'rooms.unread', { count: 12345 })).toBe('12.345 mensajes sin leer');
	expect(translate('en', en, 'message.replying', { name: '{x}' })).toBe('Replying to {x}');
});

it('picks the first language it speaks', () => {
	expect(pickLanguage([null, 'fr-FR', 'es-MX', 'en'])).toBe('es');
	expect(pickLanguage(['de'])).toBe('en');
});

it('keeps to the region of the language it speaks', () => {
	expect(pickLocale('en', ['es-ES', 'en-GB'])).toBe('en-GB');
	expect(pickLocale('en', ['es-ES', 'eng'])).toBe('en');
	expect(clockTime('en-GB', '2026-03-10T22:05:00')).toBe('22:05');
});

it('tells times by the calendar', () => {
	const now = new Date(2026, 2, 10, 0, 30);
	const yesterday = new Date(2026, 2, 9, 23, 50);
	expect(daysBetween(yesterday, now)).toBe(1);
	expect(shortTime('en', yesterday.toISOString(), now)).toBe('Mon');
	expect(relativeTime('en', yesterday.toISOString(), now)).toBe('40 minutes ago');
	expect(relativeTime('es', now.toISOString(), now)).toBeNull();
});
