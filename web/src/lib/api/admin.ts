import { client, follow, unwrap } from './client';
import type { NewInvite } from './rooms';
import type {
	AuditAction,
	AuditEntry,
	AuditIntegrity,
	Invite,
	Page,
	Report,
	ReportOutcome,
	ReportState,
	Sanction,
	SanctionKind,
} from './types';

// For staff alone: others are refused.

export const at = (id: string) => ({ params: { path: { id } } });

/** A list that is to be had as CSV too comes as one only where that is asked for. */
export const json = <T>(answer: Promise<T | string>) => answer as Promise<Exclude<T, string>>;

/** The next page of any list. */
export const nextPage = <T>(link: string): Promise<Page<T>> => follow<Page<T>>(link);

/** The latest first; of one person alone, or of what they have written, where that is asked for. */
export function listReports(state: ReportState, user?: string): Promise<Page<Report>> {
	const query = user ? { state, user } : { state };
	return unwrap(client.GET('/api/v1/admin/reports/', { params: { query } }));
}

export function resolveReport(
	id: string,
	outcome: ReportOutcome,
	resolution: string,
): Promise<Report> {
	const body = { outcome, resolution };
	return unwrap(client.PATCH('/api/v1/admin/reports/{id}/', { ...at(id), body }));
}

export function listSanctions(user: string): Promise<Page<Sanction>> {
	return unwrap(client.GET('/api/v1/admin/users/{id}/sanctions/', at(user)));
}

export interface NewSanction {
	kind: SanctionKind;
	/** For the person to read. */
	reason: string;
	/** Null for one without an end. */
	ends_at: string | null;
}

export function impose(user: string, body: NewSanction): Promise<Sanction> {
	return unwrap(client.POST('/api/v1/admin/users/{id}/sanctions/', { ...at(user), body }));
}

export function liftSanction(id: string): Promise<unknown> {
	return unwrap(client.DELETE('/api/v1/admin/sanctions/{id}/', at(id)));
}

/** Which entries of the audit log. */
export interface AuditFilter {
	action?: AuditAction;
	/** Done by this person. */
	actor?: string;
	/** Done to what has this id. */
	target?: string;
	/** Not earlier than that. */
	after?: string;
	/** Earlier than that. */
	before?: string;
}

export function listAudit(query: AuditFilter): Promise<Page<AuditEntry>> {
	return json(unwrap(client.GET('/api/v1/admin/audit/', { params: { query } })));
}

/** Reads the whole log. */
export async function checkAudit(): Promise<AuditIntegrity | null> {
	const query = { verify: true, limit: 1 };
	const answer = unwrap(client.GET('/api/v1/admin/audit/', { params: { query } }));
	return (await json(answer)).integrity;
}

export function listServerInvites(): Promise<Page<Invite>> {
	return unwrap(client.GET('/api/v1/admin/invites/'));
}

export function createServerInvite(body: NewInvite): Promise<Invite> {
	return unwrap(client.POST('/api/v1/admin/invites/', { body }));
}

export function withdrawServerInvite(code: string): Promise<unknown> {
	return unwrap(client.DELETE('/api/v1/admin/invites/{code}/', { params: { path: { code } } }));
}
