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
import type { en } from '../en/index.ts';
import type { Translated } from '../plural.ts';

export const es: Translated<typeof en> = {
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
};
