import { createContext } from 'svelte';
import type { Chat } from './chat.svelte';

/** The chat of the person signed in, for everything below the app's layout. */
export const [getChat, setChat] = createContext<Chat>();
