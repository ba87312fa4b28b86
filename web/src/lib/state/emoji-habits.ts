import { remember } from './remember';

const USES = 'charla.emoji';
const TONE = 'charla.emoji.tone';
const FIRST = ['👍', '❤️', '😂', '🎉', '😮', '🙏'];
/** Of each emoji only so many uses count, so that new habits show. */
const MAX_USES = 20;
const MAX_KEPT = 32;

/** The emoji that were used on this device, the latest first. */
export function recentEmoji(storage: Storage): string[] {
	return usesIn(storage).map(([emoji]) => emoji);
}

/** Those that are used most; the usual ones until there are any. */
export function frequentEmoji(storage: Storage): string[] {
	const used = usesIn(storage).sort(([, a], [, b]) => b - a);
	return [...new Set([...used.map(([emoji]) => emoji), ...FIRST])].slice(0, FIRST.length);
}

export function noteEmoji(storage: Storage, emoji: string): void {
	const uses = new Map(usesIn(storage));
	const count = Math.min((uses.get(emoji) ?? 0) + 1, MAX_USES);
	uses.delete(emoji);
	remember(storage, USES, JSON.stringify([[emoji, count], ...uses].slice(0, MAX_KEPT)));
}

/** The skin tone, 1 to 5; 0 for none. */
export function emojiTone(storage: Storage): number {
	const tone = Number(storage.getItem(TONE));
	return [1, 2, 3, 4, 5].includes(tone) ? tone : 0;
}

export function chooseTone(storage: Storage, tone: number): void {
	remember(storage, TONE, String(tone));
}

function usesIn(storage: Storage): [string, number][] {
	try {
		const value: unknown = JSON.parse(storage.getItem(USES) ?? '[]');
		return Array.isArray(value) ? (value as [string, number][]) : [];
	} catch {
		return [];
	}
}
