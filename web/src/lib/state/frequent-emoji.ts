const STORED = 'charla.emoji';
const FIRST = ['👍', '❤️', '😂', '🎉', '😮', '🙏'];
/** Of each emoji only so many uses count, so that new habits show. */
const MAX_USES = 20;
const MAX_KEPT = 40;

/** The emoji that are used most on this device; the usual ones until there are any. */
export function frequentEmoji(storage: Storage, count = FIRST.length): string[] {
	const used = Object.entries(read(storage)).sort(([, a], [, b]) => b - a);
	return [...new Set([...used.map(([emoji]) => emoji), ...FIRST])].slice(0, count);
}

export function noteEmoji(storage: Storage, emoji: string): void {
	const uses = read(storage);
	uses[emoji] = Math.min((uses[emoji] ?? 0) + 1, MAX_USES);
	const kept = Object.entries(uses).sort(([, a], [, b]) => b - a);
	try {
		storage.setItem(STORED, JSON.stringify(Object.fromEntries(kept.slice(0, MAX_KEPT))));
	} catch (error) {
		console.warn('emoji not noted', error);
	}
}

function read(storage: Storage): Record<string, number> {
	try {
		const value: unknown = JSON.parse(storage.getItem(STORED) ?? '{}');
		return typeof value === 'object' && value ? (value as Record<string, number>) : {};
	} catch {
		return {};
	}
}
