import { fence, wrap, type Edit, type Selected } from '$lib/state/text-edits';

export type Make = (selected: Selected) => Edit;

export const bold: Make = (selected) => wrap(selected, '**');
export const italic: Make = (selected) => wrap(selected, '*');
export const strike: Make = (selected) => wrap(selected, '~~');
export const code: Make = ({ text, start, end }) => {
	const selected = { text, start, end };
	return text.slice(start, end).includes('\n') ? fence(selected) : wrap(selected, '`');
};

/** The change that a key with Ctrl or ⌘ asks for. */
export function shortcut({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): Make | null {
	if (!(ctrlKey || metaKey) || altKey) return null;
	const letter = key.toLowerCase();
	if (shiftKey) return letter === 'x' ? strike : null;
	return { b: bold, i: italic, e: code }[letter] ?? null;
}
