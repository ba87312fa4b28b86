import { expect, it } from 'vitest';
import { readChoices } from './notification-settings.svelte';

const normal = { desktop: false, content: true, sound: true, sound_here: false };

it('begins with notices off, and with a sound for what happens elsewhere', () => {
	expect(readChoices(null)).toEqual(normal);
});

it('takes what was stored, and the usual for what is missing or strange', () => {
	expect(readChoices('{"desktop":true,"sound":"loud","colour":1}')).toEqual({
		...normal,
		desktop: true,
	});
	for (const stored of ['null', 'true', '7', '[', '']) {
		expect(readChoices(stored), stored).toEqual(normal);
	}
});
