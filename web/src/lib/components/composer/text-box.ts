import type { Edit, Selected } from '$lib/state/text-edits';

export function selectedIn(area: HTMLTextAreaElement): Selected {
	return { text: area.value, start: area.selectionStart, end: area.selectionEnd };
}

/** Changes the text as if it were typed, so that the browser's own undo takes it back. */
export function change(area: HTMLTextAreaElement, { from, to, insert, start, end }: Edit): void {
	area.focus();
	area.setSelectionRange(from, to);
	// There is no other way to a change that undo knows of.
	const done =
		insert === '' && from === to
			? true
			: document.execCommand(insert === '' ? 'delete' : 'insertText', false, insert);
	if (!done) {
		area.setRangeText(insert, from, to, 'end');
		area.dispatchEvent(new InputEvent('input', { bubbles: true }));
	}
	area.setSelectionRange(start, end);
}
