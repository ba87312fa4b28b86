/** The names under which people know browsers, by what gives them away: the more particular first. */
const browsers: [RegExp, string][] = [
	[/\bEdg(e|A|iOS)?\//, 'Edge'],
	[/\b(OPR|Opera)\//, 'Opera'],
	[/\bSamsungBrowser\//, 'Samsung Internet'],
	[/\b(Firefox|FxiOS)\//, 'Firefox'],
	[/\b(Chrome|Chromium|CriOS)\//, 'Chrome'],
	[/\bSafari\//, 'Safari'],
];

const systems: [RegExp, string][] = [
	[/\biPhone\b/, 'iPhone'],
	[/\biPad\b/, 'iPad'],
	[/\bAndroid\b/, 'Android'],
	[/\bWindows\b/, 'Windows'],
	[/\bCrOS\b/, 'ChromeOS'],
	[/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
	[/\bLinux\b/, 'Linux'],
];

export interface Device {
	/** Null where the user agent names none that we know. */
	browser: string | null;
	system: string | null;
	handheld: boolean;
}

const named = (agent: string, known: [RegExp, string][]) =>
	known.find(([pattern]) => pattern.test(agent))?.[1] ?? null;

export function deviceOf(userAgent: string): Device {
	return {
		browser: named(userAgent, browsers),
		system: named(userAgent, systems),
		handheld: /\bMobile\b|\biPhone\b|\biPad\b|\bAndroid\b/.test(userAgent),
	};
}
