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

export type { Dictionary, Key } from './all.ts';

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
