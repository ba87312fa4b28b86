import { getContext, setContext } from 'svelte';

const KEY = Symbol('thread');

/** The id of the thread that a list of messages is; there its first message needs no way to it. */
export const setThread = (id: () => string) => setContext(KEY, id);
export const getThread = () => getContext<(() => string) | undefined>(KEY);
