import type { Texts } from './translate';

// Texts that come with what needs them: `i18n.add`.

/** Of reports, and of what staff impose on somebody. */
export const moderation: Texts = {
	en: async () => (await import('./en/moderation')).moderation,
	es: async () => (await import('./es/moderation')).moderation,
};

/** Of rooms in which people wait between two messages. */
export const slowMode: Texts = {
	en: async () => (await import('./en/slow-mode')).slowMode,
	es: async () => (await import('./es/slow-mode')).slowMode,
};

/** Of the administration. */
export const admin: Texts = {
	en: async () => {
		const parts = await Promise.all([import('./en/admin'), import('./en/accounts')]);
		return { ...parts[0].admin, ...parts[1].accounts };
	},
	es: async () => {
		const parts = await Promise.all([import('./es/admin'), import('./es/accounts')]);
		return { ...parts[0].admin, ...parts[1].accounts };
	},
};
