const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than many uses of it, and each message has a time. */
function formatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
	const key = `${locale} ${JSON.stringify(options)}`;
	let format = formats.get(key);
	if (!format) formats.set(key, (format = new Intl.DateTimeFormat(locale, options)));
	return format;
}

function startOfDay(time: Date): number {
	return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
}

/** Whole calendar days between two times, where the reader is; rounded, since a day may have 23 or 25 hours. */
export function daysBetween(earlier: Date, later: Date): number {
	return Math.round((startOfDay(later) - startOfDay(earlier)) / DAY_MS);
}

// `locale` is the language with the reader's region: en-GB counts the hours as en-US does not.

/** What follows each other in a conversation often does so within a minute. */
let latest = { locale: '', minute: '', text: '' };

export function clockTime(locale: string, iso: string): string {
	const minute = iso.slice(0, 'yyyy-mm-ddThh:mm'.length);
	if (latest.locale !== locale || latest.minute !== minute) {
		const text = formatOf(locale, { timeStyle: 'short' }).format(new Date(iso));
		latest = { locale, minute, text };
	}
	return latest.text;
}

export function fullTime(locale: string, iso: string): string {
	const options = { dateStyle: 'full', timeStyle: 'short' } as const;
	return formatOf(locale, options).format(new Date(iso));
}

/** The heading over a day's messages, of another day than today or yesterday. */
export function dayName(locale: string, iso: string, now: Date): string {
	const time = new Date(iso);
	const sameYear = time.getFullYear() === now.getFullYear();
	return formatOf(locale, {
		weekday: 'long',
		day: 'numeric',
		month: 'long',
		...(sameYear ? {} : { year: 'numeric' }),
	}).format(time);
}

/** The short time at a room's line: the hour today, the weekday this week, the date before. */
export function shortTime(locale: string, iso: string, now: Date): string {
	const time = new Date(iso);
	const days = daysBetween(time, now);
	if (days <= 0) return clockTime(locale, iso);
	const options: Intl.DateTimeFormatOptions =
		days < 7 ? { weekday: 'short' } : { day: 'numeric', month: 'numeric', year: '2-digit' };
	return formatOf(locale, options).format(time);
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
	['day', DAY_MS],
	['hour', 3_600_000],
	['minute', 60_000],
];

/** “5 minutes ago”; null within the last one. */
export function relativeTime(locale: string, iso: string, now: Date): string | null {
	const elapsed = Math.min(0, new Date(iso).getTime() - now.getTime());
	const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
	for (const [unit, ms] of units) {
		if (-elapsed >= ms) return format.format(Math.trunc(elapsed / ms), unit);
	}
	return null;
}
