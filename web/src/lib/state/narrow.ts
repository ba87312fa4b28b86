import { MediaQuery } from 'svelte/reactivity';

/** A phone's width, where one column shows at a time; the style sheets say the same. */
export const narrow = new MediaQuery('(max-width: 46rem)');
