import { app } from './app.ts';
import { auth } from './auth.ts';
import { composer } from './composer.ts';
import { notifications } from './notifications.ts';
import { people } from './people.ts';
import { rooms } from './rooms.ts';
import { settings } from './settings.ts';
import { search } from './search.ts';
import { shell } from './shell.ts';
import { timeline } from './timeline.ts';
import type { Translated } from '../plural.ts';

export const en = {
	...app,
	...auth,
	...shell,
	...people,
	...notifications,
	...settings,
	...rooms,
	...search,
	...composer,
	...timeline,
} as const;

export type Key = keyof typeof en;
/** A plain text for a plain text, a plural for a plural. */
export type Dictionary = Translated<typeof en>;
