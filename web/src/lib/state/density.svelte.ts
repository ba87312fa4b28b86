import { remember } from './remember';

export type Density = 'comfortable' | 'compact';

const STORED = 'charla.density';

/** How close things stand. `static/early.js` does the same before the first paint. */
class DensityStore {
	density = $state<Density>(parse(localStorage.getItem(STORED)));

	/** Follows what is chosen in other tabs. */
	start(): void {
		addEventListener('storage', ({ key, newValue }) => {
			if (key === STORED) this.#show(parse(newValue));
		});
	}

	choose(density: Density): void {
		remember(localStorage, STORED, density);
		this.#show(density);
	}

	#show(density: Density): void {
		this.density = density;
		document.documentElement.dataset.density = density;
	}
}

function parse(stored: string | null): Density {
	return stored === 'compact' ? 'compact' : 'comfortable';
}

export const density = new DensityStore();
