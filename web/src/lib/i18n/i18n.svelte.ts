import { remember } from '$lib/state/remember';
import * as dates from './dates';
import type { Dictionary, Key } from './en';
import {
	dictionaries,
	outsideDictionaries,
	pickLanguage,
	pickLocale,
	translate,
	type Language,
	type Params,
	type Texts,
} from './translate';

const STORED = 'charla.language';

/** The language of the page: the one chosen here, else the account's, else the browser's. */
class I18n {
	language = $state<Language>('en');
	/** The same with the region that the browser names. */
	locale = $state('en');
	/** The present minute: what is told relative to it stays true while the page is open. */
	now = $state.raw(new Date());

	words = $state.raw<Dictionary>({} as Dictionary);
	/** The language wished for last: an earlier one that arrives late is no longer shown. */
	#wished: Language = 'en';

	#started = false;
	/** Whether all texts are asked for, or those for who is signed out alone. */
	#whole = false;
	/** Texts that were asked for beside those, each once it is there. */
	#parts = new Map<Texts, Promise<void>>();

	/** Before a page shows, which needs its words; `whole` for the pages of who is signed in. */
	async prepare(whole: boolean): Promise<void> {
		if (this.#started && (this.#whole || !whole)) return;
		this.#whole ||= whole;
		if (this.#started) return this.#show(this.#wished);
		this.#started = true;
		setInterval(() => (this.now = new Date()), 60_000);
		addEventListener('storage', ({ key, newValue }) => {
			if (key === STORED) void this.#follow(pickLanguage([newValue, ...navigator.languages]));
		});
		await this.#show(pickLanguage([localStorage.getItem(STORED), ...navigator.languages]));
	}

	/** Before something shows whose texts are not among those of all pages. */
	add(texts: Texts): Promise<void> {
		const known = this.#parts.get(texts);
		if (known) return known;
		const added = this.#load(texts);
		this.#parts.set(texts, added);
		added.catch(() => this.#parts.delete(texts));
		return added;
	}

	async #load(texts: Texts): Promise<void> {
		const language = this.#wished;
		const words = await texts[language]();
		if (this.#wished !== language) return this.#load(texts);
		this.words = { ...this.words, ...words };
	}

	async choose(language: Language): Promise<void> {
		try {
			await this.#show(language);
		} catch (error) {
			this.#wished = this.language;
			throw error;
		}
		if (this.#wished === language) remember(localStorage, STORED, language);
	}

	/** After signing in: the account's language serves where nothing was chosen on this device. */
	async suggest(language: string | null): Promise<void> {
		if (language && !localStorage.getItem(STORED)) await this.#follow(pickLanguage([language]));
	}

	/** What was chosen elsewhere, if it is to be had. */
	async #follow(language: Language): Promise<void> {
		try {
			await this.#show(language);
		} catch (error) {
			console.warn('the texts of the language not loaded', error);
		}
	}

	async #show(language: Language): Promise<void> {
		this.#wished = language;
		const whole = this.#whole;
		const wanted = [whole ? dictionaries : outsideDictionaries, ...this.#parts.keys()];
		const words = await Promise.all(wanted.map((texts) => texts[language]()));
		if (this.#wished !== language || this.#whole !== whole) return;
		this.words = Object.assign({}, this.words, ...words);
		this.language = language;
		this.locale = pickLocale(language, navigator.languages);
		document.documentElement.lang = language;
		// The first time in a language takes long, and comes while nothing else is to be done.
		setTimeout(() => dates.clockTime(this.locale, new Date().toISOString()));
		const manifest = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
		const href = `/manifest.${language}.webmanifest`;
		if (manifest && manifest.getAttribute('href') !== href) manifest.href = href;
	}
}

export const i18n = new I18n();

export const t = (key: Key, params?: Params) => translate(i18n.language, i18n.words, key, params);
export const clockTime = (iso: string) => dates.clockTime(i18n.locale, iso);
export const fullTime = (iso: string) => dates.fullTime(i18n.locale, iso);
export function dayName(iso: string): string {
	const days = dates.daysBetween(new Date(iso), i18n.now);
	if (days === 0) return t('timeline.today');
	if (days === 1) return t('timeline.yesterday');
	return dates.dayName(i18n.locale, iso, i18n.now);
}
export const shortTime = (iso: string) => dates.shortTime(i18n.locale, iso, i18n.now);
export const relativeTime = (iso: string) =>
	dates.relativeTime(i18n.locale, iso, i18n.now) ?? t('time.now');
