import * as dates from './dates';
import type { Key } from './en';
import { pickLanguage, pickLocale, translate, type Language, type Params } from './translate';

const STORED = 'charla.language';

/** The language of the page: the one chosen here, else the account's, else the browser's. */
class I18n {
	language = $state<Language>('en');
	/** The same with the region that the browser names. */
	locale = $state('en');
	/** The present minute: what is told relative to it stays true while the page is open. */
	now = $state.raw(new Date());

	start(): void {
		setInterval(() => (this.now = new Date()), 60_000);
		this.#show(pickLanguage([localStorage.getItem(STORED), ...navigator.languages]));
	}

	choose(language: Language): void {
		localStorage.setItem(STORED, language);
		this.#show(language);
	}

	/** After signing in: the account's language serves where nothing was chosen on this device. */
	suggest(language: string | null): void {
		if (language && !localStorage.getItem(STORED)) this.#show(pickLanguage([language]));
	}

	#show(language: Language): void {
		this.language = language;
		this.locale = pickLocale(language, navigator.languages);
		document.documentElement.lang = language;
	}
}

export const i18n = new I18n();

export const t = (key: Key, params?: Params) => translate(i18n.language, key, params);
export const clockTime = (iso: string) => dates.clockTime(i18n.locale, iso);
export const fullTime = (iso: string) => dates.fullTime(i18n.locale, iso);
export const dayName = (iso: string) => dates.dayName(i18n.language, i18n.locale, iso, i18n.now);
export const shortTime = (iso: string) => dates.shortTime(i18n.locale, iso, i18n.now);
export const relativeTime = (iso: string) => dates.relativeTime(i18n.locale, iso, i18n.now);
