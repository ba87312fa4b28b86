import Bold from '@lucide/svelte/icons/bold';
import Code from '@lucide/svelte/icons/code';
import Italic from '@lucide/svelte/icons/italic';
import List from '@lucide/svelte/icons/list';
import ListOrdered from '@lucide/svelte/icons/list-ordered';
import Quote from '@lucide/svelte/icons/text-quote';
import SquareCode from '@lucide/svelte/icons/square-code';
import Strikethrough from '@lucide/svelte/icons/strikethrough';
import { fence, signLines, type Selected } from '$lib/state/text-edits';
import { bold, code, italic, strike } from './formats';

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
