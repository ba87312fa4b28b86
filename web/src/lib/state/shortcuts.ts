import type { Key } from '$lib/i18n/en';

export const shortcutGroups = ['everywhere', 'rooms', 'messages', 'writing'] as const;
export type ShortcutGroup = (typeof shortcutGroups)[number];

/** Keys that do something. Whoever has some registers them, and they stand in the sheet. */
export interface Shortcut {
	/** Such as `Mod+K`, where `Mod` is ⌘ on Apple's keyboards and Ctrl elsewhere; each serves. */
	readonly keys: readonly string[];
	readonly group: ShortcutGroup;
	readonly label: Key;
	/** Whether it also works while somebody types. */
	readonly whileTyping?: boolean;
	/**
	 * Left out where what has the focus listens by itself: then it is only listed. False leaves the
	 * key to others.
	 */
	readonly run?: () => unknown;
}

type Pressed = Pick<
	KeyboardEvent,
	'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'defaultPrevented' | 'isComposing'
>;

export function isApple(platform = navigator.platform): boolean {
	return /mac|iphone|ipad/i.test(platform);
}

/** Whether these keys are the ones pressed. */
export function fits(keys: string, event: Pressed, apple: boolean): boolean {
	const parts = keys.split('+');
	const key = parts.at(-1) ?? '';
	const wants = (name: string) => parts.slice(0, -1).includes(name);
	if (event.key.toLowerCase() !== key.toLowerCase()) return false;
	const [mod, other] = apple ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
	if (mod !== wants('Mod') || other || event.altKey !== wants('Alt')) return false;
	// Where a sign stands on the keyboard differs: many need Shift for it.
	return /^[^a-z0-9]$/i.test(key) || event.shiftKey === wants('Shift');
}

export class Shortcuts {
	#lists = new Set<readonly Shortcut[]>();

	/** Until the function given back is called. */
	register(list: readonly Shortcut[]): () => void {
		this.#lists.add(list);
		return () => this.#lists.delete(list);
	}

	get all(): Shortcut[] {
		return [...this.#lists].flat();
	}

	/** Does what the keys are for; whether there was something to do. */
	handle(event: Pressed, typing: boolean, apple: boolean): boolean {
		if (event.defaultPrevented || event.isComposing) return false;
		return this.all.some(({ keys, whileTyping, run }) => {
			if (!run || (typing && !whileTyping)) return false;
			return keys.some((one) => fits(one, event, apple)) && run() !== false;
		});
	}
}

export const shortcuts = new Shortcuts();
