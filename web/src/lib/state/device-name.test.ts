import { expect, it } from 'vitest';
import { deviceOf } from './device-name';

it.each([
	[
		'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
		{ browser: 'Firefox', system: 'Linux', handheld: false },
	],
	[
		'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0',
		{ browser: 'Edge', system: 'Windows', handheld: false },
	],
	[
		'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
		{ browser: 'Safari', system: 'iPhone', handheld: true },
	],
	[
		'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36',
		{ browser: 'Chrome', system: 'Android', handheld: true },
	],
	['node', { browser: null, system: null, handheld: false }],
])('%s', (agent, device) => {
	expect(deviceOf(agent)).toEqual(device);
});
