import { describe, expect, it } from 'vitest';
import { passwordRules, usernameRules } from './account-rules';

describe('a username', () => {
	it.each([
		['', false, false],
		['an', false, true],
		['ana', true, true],
		['María.López+1@x-y_z', true, true],
		['李小龍', true, true],
		['ana ruiz', true, false],
		['ana!', true, false],
		['a'.repeat(65), false, true],
	])('%s', (name, length, characters) => {
		expect(usernameRules(name)).toEqual({ length, characters });
	});
});

describe('a password', () => {
	it('has a length', () => {
		expect(passwordRules('seven77', []).length).toBe(false);
		expect(passwordRules('eight888', []).length).toBe(true);
	});

	it('is unlike the name and the address', () => {
		const about = ['anaruiz', 'ana.ruiz@example.org'];
		expect(passwordRules('AnaRuiz-1', about).own).toBe(false);
		expect(passwordRules('ana.ruiz99', about).own).toBe(false);
		expect(passwordRules('Blue-Kettle-47', about).own).toBe(true);
		expect(passwordRules('', about).own).toBe(false);
	});

	it('may have a short name in it', () => {
		expect(passwordRules('bananas-in-may', ['ana']).own).toBe(true);
	});
});
