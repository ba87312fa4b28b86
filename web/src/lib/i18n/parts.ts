import type { Texts } from './translate';

// Texts that come with what needs them: `i18n.add`.

/** Of reports, and of what staff impose on somebody. */
export const moderation: Texts = {
	en: async () => (await import('./en/moderation')).moderation,
	es: async () => (await import('./es/moderation')).moderation,
};

/** Of the administration. */
export const admin: Texts = {
	en: async () => (await import('./en/admin')).admin,
	es: async () => (await import('./es/admin')).admin,
};
