import Bold from '@lucide/svelte/icons/bold';
import Code from '@lucide/svelte/icons/code';
import Italic from '@lucide/svelte/icons/italic';
import List from '@lucide/svelte/icons/list';
import ListOrdered from '@lucide/svelte/icons/list-ordered';
import Quote from '@lucide/svelte/icons/text-quote';
import SquareCode from '@lucide/svelte/icons/square-code';
import Strikethrough from '@lucide/svelte/icons/strikethrough';
import { fence, signLines, wrap, type Edit, type Selected } from '$lib/state/text-edits';

type Make = (selected: Selected) => Edit;

const bold: Make = (selected) => wrap(selected, '**');
const italic: Make = (selected) => wrap(selected, '*');
const strike: Make = (selected) => wrap(selected, '~~');
const code: Make = ({ text, start, end }) => {
	const selected = { text, start, end };
	return text.slice(start, end).includes('\n') ? fence(selected) : wrap(selected, '`');
};

export const formats = [
	{ key: 'composer.bold', keys: 'Control+B', Icon: Bold, make: bold },
	{ key: 'composer.italic', keys: 'Control+I', Icon: Italic, make: italic },
	{ key: 'composer.strike', keys: 'Control+Shift+X', Icon: Strikethrough, make: strike },
	{ key: 'composer.code', keys: 'Control+E', Icon: Code, make: code },
	{ key: 'composer.code_block', keys: undefined, Icon: SquareCode, make: fence },
	{
		key: 'composer.quote',
		keys: undefined,
		Icon: Quote,
		make: (selected: Selected) => signLines(selected, 'quote'),
	},
	{
		key: 'composer.list',
		keys: undefined,
		Icon: List,
		make: (selected: Selected) => signLines(selected, 'list'),
	},
	{
		key: 'composer.numbered',
		keys: undefined,
		Icon: ListOrdered,
		make: (selected: Selected) => signLines(selected, 'numbered'),
	},
] as const;

/** The change that a key with Ctrl or ⌘ asks for. */
export function shortcut({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): Make | null {
	if (!(ctrlKey || metaKey) || altKey) return null;
	const letter = key.toLowerCase();
	if (shiftKey) return letter === 'x' ? strike : null;
	return { b: bold, i: italic, e: code }[letter] ?? null;
}
