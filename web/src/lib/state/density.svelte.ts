export type Density = 'comfortable' | 'compact';

const STORED = 'charla.density';

/** How close things stand. `static/theme.js` does the same before the first paint. */
class DensityStore {
	density = $state<Density>(localStorage.getItem(STORED) === 'compact' ? 'compact' : 'comfortable');

	choose(density: Density): void {
		this.density = density;
		document.documentElement.dataset.density = density;
		localStorage.setItem(STORED, density);
	}
}

export const density = new DensityStore();
