import { i18n } from './i18n.svelte';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** Bytes in the unit that suits them, in the reader's language. */
export function fileSize(bytes: number): string {
	const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
	const format = new Intl.NumberFormat(i18n.locale, {
		style: 'unit',
		unit: UNITS[step],
		// Short, a byte has no plural.
		unitDisplay: step === 0 ? 'long' : 'short',
		maximumFractionDigits: bytes < 1000 ? 0 : 1,
	});
	return format.format(bytes / 1000 ** step);
}
