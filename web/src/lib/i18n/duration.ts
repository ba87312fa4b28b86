const units = [
	['hour', 3600],
	['minute', 60],
	['second', 1],
] as const;

/** “1 minute 30 seconds”; `seconds` are whole. */
export function duration(locale: string, seconds: number): string {
	const parts: string[] = [];
	let left = seconds;
	for (const [unit, length] of units) {
		const count = Math.floor(left / length);
		left -= count * length;
		const format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' });
		if (count > 0) parts.push(format.format(count));
	}
	return parts.join(' ');
}
