/** Whether a right click on a message asks for our menu: on a link, a player or a selection the browser's own does more. */
export function isOwnMenu(event: MouseEvent): boolean {
	const target = event.target;
	if (!(target instanceof Element)) return false;
	if (target.closest('a[href], video, audio, textarea, input')) return false;
	const touch = event instanceof PointerEvent && event.pointerType === 'touch';
	return touch || getSelection()?.toString() === '';
}
