import { MediaQuery } from 'svelte/reactivity';
import { PHONE } from '$lib/styles/phone';

/** A phone, where one column shows at a time. */
export const narrow = new MediaQuery(PHONE);
