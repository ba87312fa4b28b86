import { remember } from './remember';

export interface NotificationChoices {
	/** Notices of the system, where the browser allows them. */
	readonly desktop: boolean;
	/** They say what was written. */
	readonly content: boolean;
	readonly sound: boolean;
	/** A sound also for what one sees come. */
	readonly sound_here: boolean;
}

const STORED = 'charla.notifications';
const NORMAL: NotificationChoices = {
	desktop: false,
	content: true,
	sound: true,
	sound_here: false,
};

/** Of what this device tells, and how. */
class NotificationSettings {
	chosen = $state.raw(NORMAL);

	constructor() {
		if (typeof localStorage === 'undefined') return;
		this.chosen = readChoices(localStorage.getItem(STORED));
		addEventListener('storage', ({ key, newValue }) => {
			if (key === STORED) this.chosen = readChoices(newValue);
		});
	}

	choose(changes: Partial<NotificationChoices>): void {
		this.chosen = { ...this.chosen, ...changes };
		remember(localStorage, STORED, JSON.stringify(this.chosen));
	}
}

/** What was stored, as far as it can be understood. */
export function readChoices(stored: string | null): NotificationChoices {
	const found = parse(stored);
	const keys = Object.keys(NORMAL) as (keyof NotificationChoices)[];
	const known = keys.filter((key) => typeof found[key] === 'boolean');
	return { ...NORMAL, ...Object.fromEntries(known.map((key) => [key, found[key]])) };
}

function parse(stored: string | null): Record<string, unknown> {
	try {
		return (JSON.parse(stored ?? '{}') as Record<string, unknown> | null) ?? {};
	} catch {
		return {};
	}
}

export const notificationSettings = new NotificationSettings();
