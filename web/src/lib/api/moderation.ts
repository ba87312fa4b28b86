import { client, everyPage, unwrap } from './client';
import type { ReportReason, Sanction } from './types';

export type ReportTarget = { message_id: string } | { user_id: string };

/** To those who run the server; what somebody has reported before stays as it is. */
export function report(target: ReportTarget, reason: ReportReason, note: string): Promise<unknown> {
	return unwrap(client.POST('/api/v1/reports/', { body: { ...target, reason, note } }));
}

/** What was imposed on who is signed in, the latest first. */
export async function ownSanctions(): Promise<Sanction[]> {
	const params = { query: { limit: 200 } };
	return everyPage<Sanction>(await unwrap(client.GET('/api/v1/users/me/sanctions/', { params })));
}
