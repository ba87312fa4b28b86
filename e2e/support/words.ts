import { all as en, type Key } from '../../web/src/lib/i18n/en/all.ts';
import { all as es } from '../../web/src/lib/i18n/es/all.ts';

export interface Words {
	(key: Key, params?: Record<string, string>): string;
	/** A text that depends on a number. */
	plural(key: Key, count: number): string;
}

/** The client's own words in the language of a locale. */
export function wordsOf(locale: string | undefined): Words {
	const dictionary = locale?.startsWith('es') ? es : en;
	const text = (key: Key, params: Record<string, string> = {}) => {
		const entry = dictionary[key];
		if (typeof entry !== 'string') throw new Error(`${key} depends on a number`);
		return entry.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? name);
	};
	const plural = (key: Key, count: number) => {
		const entry = dictionary[key];
		if (typeof entry === 'string') throw new Error(`${key} does not depend on a number`);
		return (count === 1 ? entry.one : entry.other).replace('{count}', `${count}`);
	};
	return Object.assign(text, { plural });
}
