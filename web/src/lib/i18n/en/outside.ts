import { app } from './app.ts';
import { auth } from './auth.ts';

/** What the pages for who is signed out say: they wait for no more. */
export const outside = { ...app, ...auth };
