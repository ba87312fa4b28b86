import type { Language } from '$lib/api/types';
import { plain } from './completion';

export interface Emoji {
	readonly emoji: string;
	readonly name: string;
	readonly group: number;
	/** English ones first: they are the same everywhere. */
	readonly shortcodes: readonly string[];
	readonly tags: readonly string[];
	/** The same in the five skin tones, where it has them. */
	readonly skins: readonly string[];
}

/** An entry of `emoji-picker-element-data`. */
export interface EmojiSource {
	emoji: string;
	annotation: string;
	group: number;
	version: number;
	shortcodes?: string[];
	tags?: string[];
	skins?: { emoji: string; tone: number | number[] }[];
}

/** Later ones are missing in the fonts of many devices still in use. */
const NEWEST_VERSION = 15.1;
/** Skin tones and hair by themselves. */
const COMPONENTS = 2;

/**
 * As Unicode and the server write it: the sign that asks for a picture stands only where there would be none
 * without it (<https://www.unicode.org/reports/tr51/#def_fully_qualified_emoji>).
 */
const qualified = (emoji: string) => emoji.replace(/(\p{Emoji_Presentation})\uFE0F/gu, '$1');

/** `named` in the reader's language, with the short names of `coded` in front of its own. */
export function joinEmoji(named: readonly EmojiSource[], coded: readonly EmojiSource[]): Emoji[] {
	const codes = new Map(coded.map(({ emoji, shortcodes = [] }) => [emoji, shortcodes]));
	return named
		.filter(({ group, version }) => group !== COMPONENTS && version <= NEWEST_VERSION)
		.map(({ emoji, annotation, group, shortcodes = [], tags = [], skins = [] }) => ({
			emoji: qualified(emoji),
			name: annotation,
			group,
			shortcodes: [...new Set([...(codes.get(emoji) ?? []), ...shortcodes])],
			tags,
			skins: skins
				.filter(({ tone }) => typeof tone === 'number')
				.map((skin) => qualified(skin.emoji)),
		}));
}

/** Those that all the words fit, the closest first. */
export function searchEmoji(all: readonly Emoji[], query: string, most: number): Emoji[] {
	const words = plain(query)
		.split(/[\s_]+/)
		.filter(Boolean);
	if (words.length === 0) return [];
	const code = plain(query).trim().replaceAll(' ', '_');
	const ranked = all.flatMap((emoji) => {
		const rank = rankOf(emoji, code, words);
		return rank === null ? [] : [{ emoji, rank }];
	});
	ranked.sort((a, b) => a.rank - b.rank);
	return ranked.slice(0, most).map(({ emoji }) => emoji);
}

function rankOf(emoji: Emoji, code: string, words: readonly string[]): number | null {
	const codes = emoji.shortcodes.map(plain);
	if (codes.includes(code)) return 0;
	if (codes.some((one) => one.startsWith(code))) return 1;
	const begins = (parts: readonly string[]) =>
		words.every((word) => parts.some((part) => part.startsWith(word)));
	const name = plain(emoji.name).split(/[^\p{L}\p{N}]+/u);
	if (begins(name)) return 2;
	return begins([...name, ...codes.flatMap((one) => one.split('_')), ...emoji.tags.map(plain)])
		? 3
		: null;
}

export function byShortcode(all: readonly Emoji[], code: string): Emoji | undefined {
	return all.find(({ shortcodes }) => shortcodes.includes(code.toLowerCase()));
}

/** In the chosen tone, where it has one: 0 is none, 1 the lightest. */
export function inTone({ emoji, skins }: Emoji, tone: number): string {
	return skins[tone - 1] ?? emoji;
}

const loading = new Map<Language, Promise<readonly Emoji[]>>();

/** All emoji with their names in a language; fetched once. */
export function loadEmoji(language: Language): Promise<readonly Emoji[]> {
	const known = loading.get(language);
	if (known) return known;
	const load = fetchEmoji(language);
	loading.set(language, load);
	load.catch(() => loading.delete(language));
	return load;
}

const sources: Record<Language, () => Promise<{ default: string }>> = {
	en: () => import('emoji-picker-element-data/en/github/data.json?url'),
	es: () => import('emoji-picker-element-data/es/cldr/data.json?url'),
};

async function fetchEmoji(language: Language): Promise<readonly Emoji[]> {
	const [named, coded] = await Promise.all([read(language), read('en')]);
	return joinEmoji(named, coded);
}

async function read(language: Language): Promise<EmojiSource[]> {
	const { default: address } = await sources[language]();
	const response = await fetch(address);
	if (!response.ok) throw new TypeError(`emoji not loaded: ${response.status}`);
	return (await response.json()) as EmojiSource[];
}
