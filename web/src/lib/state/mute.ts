export const muteChoices = ['hour', 'eight_hours', 'tomorrow', 'always'] as const;
export type MuteChoice = (typeof muteChoices)[number];

const HOUR_MS = 3_600_000;
/** When the day begins for who does not want to hear more today. */
const MORNING_HOUR = 8;
const FOREVER = '9999-12-31T00:00:00.000Z';

export function mutedUntil(choice: MuteChoice, now: Date): string {
	if (choice === 'always') return FOREVER;
	if (choice === 'tomorrow') {
		const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
		return new Date(year, month, day + 1, MORNING_HOUR).toISOString();
	}
	return new Date(now.getTime() + (choice === 'hour' ? 1 : 8) * HOUR_MS).toISOString();
}

/** Muted without an end that anybody will see. */
export function isForever(muted_until: string): boolean {
	return muted_until >= '9000';
}
