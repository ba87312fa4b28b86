import { describe, expect, it, vi } from 'vitest';
import { fits, Shortcuts, type Shortcut } from './shortcuts';

const press = (key: string, over: Partial<KeyboardEvent> = {}) => ({
	key,
	ctrlKey: false,
	metaKey: false,
	altKey: false,
	shiftKey: false,
	defaultPrevented: false,
	isComposing: false,
	...over,
});

const shortcut = (key: string, over: Partial<Shortcut> = {}): Shortcut => ({
	keys: [key],
	group: 'everywhere',
	label: 'shortcuts.sheet',
	run: vi.fn(),
	...over,
});

describe('keys', () => {
	it('fit with just their modifiers', () => {
		expect(fits('Mod+K', press('k', { ctrlKey: true }), false)).toBe(true);
		expect(fits('Mod+K', press('k', { metaKey: true }), false)).toBe(false);
		expect(fits('Mod+K', press('k', { metaKey: true }), true)).toBe(true);
		expect(fits('Mod+K', press('K', { ctrlKey: true, shiftKey: true }), false)).toBe(false);
		expect(fits('Alt+Shift+ArrowUp', press('ArrowUp', { altKey: true }), false)).toBe(false);
		expect(
			fits('Alt+Shift+ArrowUp', press('ArrowUp', { altKey: true, shiftKey: true }), false),
		).toBe(true);
	});

	it('that are signs may need Shift', () => {
		expect(fits('?', press('?', { shiftKey: true }), false)).toBe(true);
		expect(fits('?', press('?'), false)).toBe(true);
	});
});

describe('the shortcuts', () => {
	it('are left alone while somebody types, but for those that say otherwise', () => {
		const all = new Shortcuts();
		const [quiet, loud] = [shortcut('?'), shortcut('Mod+K', { whileTyping: true })];
		all.register([quiet, loud]);
		expect(all.handle(press('?'), true, false)).toBe(false);
		expect(all.handle(press('k', { ctrlKey: true }), true, false)).toBe(true);
		expect(quiet.run).not.toHaveBeenCalled();
		expect(loud.run).toHaveBeenCalledOnce();
	});

	it('leave a key to others where there was nothing to do', () => {
		const all = new Shortcuts();
		all.register([shortcut('Escape', { run: () => false })]);
		expect(all.handle(press('Escape'), false, false)).toBe(false);
		expect(all.handle(press('Escape', { defaultPrevented: true }), false, false)).toBe(false);
	});

	it('come and go with who registered them', () => {
		const all = new Shortcuts();
		const forget = all.register([shortcut('?')]);
		expect(all.all).toHaveLength(1);
		forget();
		expect(all.handle(press('?'), false, false)).toBe(false);
	});
});
