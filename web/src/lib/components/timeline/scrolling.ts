/** Where a box has more than it shows, the keyboard has to be able to scroll it; else it is no stop on its way. */
export function scrolling(box: HTMLElement): () => void {
	const look = () => {
		if (box.scrollWidth > box.clientWidth) {
			box.tabIndex = 0;
			box.role = 'region';
			box.ariaLabel = box.dataset.scrolls ?? null;
		} else {
			box.removeAttribute('tabindex');
			box.role = null;
			box.ariaLabel = null;
		}
	};
	const observer = new ResizeObserver(look);
	observer.observe(box);
	look();
	return () => observer.disconnect();
}
