import type { Page } from '@playwright/test';

/** What is wrong with the landmarks and headings of a page. */
export async function outline(page: Page): Promise<string[]> {
	const faults: string[] = [];
	const mains = await page.getByRole('main').count();
	if (mains !== 1) faults.push(`${mains} main landmarks`);
	const levels = await page.getByRole('heading').evaluateAll((all) =>
		all
			// What people write has an order of its own.
			.filter((one) => !one.closest('.message-html'))
			.map((one) => Number(one.ariaLevel ?? one.tagName.slice(1))),
	);
	const first = levels.filter((level) => level === 1).length;
	if (first !== 1) faults.push(`${first} first headings`);
	for (const [at, level] of levels.entries()) {
		if (level > (levels[at - 1] ?? 1) + 1) faults.push(`headings ${levels.join(' ')}`);
	}
	return faults;
}

/** What sticks out at the side of a page. */
export function excess(page: Page): Promise<string[]> {
	return page.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>('html, body, main, aside, dialog, dialog *, .body')]
			.filter((one) => one.checkVisibility())
			.filter(({ scrollWidth, clientWidth }) => clientWidth > 1 && scrollWidth > clientWidth + 1)
			.filter((one) => /auto|scroll|visible/.test(getComputedStyle(one).overflowX))
			.filter((one) => getComputedStyle(one).display !== 'inline')
			.map(({ className, tagName }) => `${tagName}.${className}`),
	);
}

export interface Stop {
	name: string;
	/** The part of the page that it stands in. */
	place: string;
	/** Whether one sees that it has the focus. */
	shown: boolean;
}

/** Where the focus is. */
export function stop(page: Page): Promise<Stop> {
	return page.evaluate(() => {
		const one = document.activeElement as HTMLElement;
		const rings = [
			one,
			one.closest('.box'),
			one.closest('label'),
			one.querySelector('.bubble'),
		].filter((part) => part !== null);
		const shown = rings.some((part) => {
			const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(part);
			return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none';
		});
		const line = getComputedStyle(one, '::after');
		const name = one.ariaLabel ?? one.textContent.trim();
		const places = Object.entries({
			panel: 'aside',
			sidebar: '.sidebar',
			timeline: '.frame',
			composer: 'main form',
			head: 'main header',
		});
		const place = places.find(([, selector]) => one.closest(selector))?.[0] ?? '';
		return {
			name: (name || one.tagName).slice(0, 40),
			place,
			shown: shown || (line.content !== 'none' && line.opacity === '1'),
		};
	});
}

/** What a finger would miss: where it does not reach half its width from the middle of what it is after. */
export function tooSmall(page: Page): Promise<string[]> {
	return page.evaluate(() => {
		const REACH = 20;
		const hits = (one: Element, x: number, y: number) => {
			const found = document.elementFromPoint(x, y);
			return found !== null && (one.contains(found) || found.contains(one));
		};
		return (
			[...document.querySelectorAll<HTMLElement>('button, a[href], select, input, summary')]
				.filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
				// Links within text are as large as the text.
				.filter((one) => getComputedStyle(one).display !== 'inline')
				.map((one) => one.closest('label') ?? one)
				.filter((one) => {
					const { x, y, width, height } = one.getBoundingClientRect();
					const [middle, centre] = [x + width / 2, y + height / 2];
					// Out of sight, or in part.
					const ends = [y + 2, centre, y + height - 2];
					if (width < 2 || !ends.every((end) => hits(one, middle, end))) return false;
					return !(
						hits(one, middle, centre - REACH) &&
						hits(one, middle, centre + REACH) &&
						hits(one, middle - REACH, centre) &&
						hits(one, middle + REACH, centre)
					);
				})
				.map((one) => one.outerHTML.slice(0, 120))
		);
	});
}
