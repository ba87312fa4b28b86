import { en, type Key } from '../../web/src/lib/i18n/en/index.ts';
import { es } from '../../web/src/lib/i18n/es/index.ts';

export type Words = (key: Key, params?: Record<string, string>) => string;

/** The client's own words in the language of a locale. */
export function wordsOf(locale: string | undefined): Words {
	const dictionary = locale?.startsWith('es') ? es : en;
	return (key, params = {}) => {
		const text = dictionary[key];
		if (typeof text !== 'string') throw new Error(`${key} depends on a number`);
		return text.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? name);
	};
}
