import type { AuditAction, AuditEntry } from '$lib/api/types';
import { fullTime, i18n, t } from '$lib/i18n/i18n.svelte';
import type { Key } from '$lib/i18n/en';

/** In the order in which they are offered. */
export const auditActions = [
	'message_deleted',
	'member_added',
	'member_removed',
	'role_changed',
	'invite_created',
	'invite_withdrawn',
	'person_warned',
	'person_muted',
	'person_banned',
	'sanction_lifted',
	'report_resolved',
	'account_changed',
	'account_deleted',
	'sessions_ended',
	'reset_link_created',
	'room_changed',
	'room_closed',
	'settings_changed',
	'bot_changed',
	'bot_deleted',
	'bot_token_revoked',
	'superuser_created',
	'password_set',
	'two_factor_reset',
	'account_exported',
] as const satisfies readonly AuditAction[];

/** What a newer server may name otherwise is shown as it names it. */
function worded(key: string, plain: string): string {
	return key in i18n.words ? t(key as Key) : plain;
}

export const actionText = (action: AuditAction) => worded(`audit.${action}`, action);

export const targetText = ({ target_type }: AuditEntry) =>
	worded(`audit.target.${target_type}`, target_type);

export interface Detail {
	name: string;
	value: string;
}

/** What else an entry has to say, without what it does not know. */
export function detailsOf({ details }: AuditEntry): Detail[] {
	return Object.entries(details as Record<string, unknown>).flatMap(([name, value]) => {
		if (value === null || value === undefined) return [];
		return [{ name: worded(`audit.detail.${name}`, name), value: valueText(name, value) }];
	});
}

function valueText(name: string, value: unknown): string {
	if (typeof value === 'number') return new Intl.NumberFormat(i18n.locale).format(value);
	if (typeof value !== 'string') return JSON.stringify(value);
	if (name.endsWith('_at')) return fullTime(value);
	if (name === 'outcome') return worded(`admin.outcome.${value}`, value);
	if (name === 'kind') return worded(`sanction.${value}`, value);
	return ['role', 'from', 'to'].includes(name) ? worded(`role.${value}`, value) : value;
}
