/** Copies a text. `navigator.clipboard` exists in secure contexts only; plain-HTTP pages have the old way. */
export async function copyText(text: string): Promise<void> {
	if (navigator.clipboard) return navigator.clipboard.writeText(text);
	const focused = document.activeElement;
	const area = document.createElement('textarea');
	area.value = text;
	area.className = 'hidden-visually';
	// Within an open dialog all else is inert.
	(document.querySelector('dialog[open]') ?? document.body).append(area);
	area.select();
	const done = document.execCommand('copy');
	area.remove();
	if (focused instanceof HTMLElement) focused.focus();
	if (!done) throw new Error('the browser does not copy');
}
