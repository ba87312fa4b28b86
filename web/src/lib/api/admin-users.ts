import { at, json } from './admin';
import { client, unwrap } from './client';
import type { operations } from './schema';
import type { AdminUser, AdminUserChanges, AdminUserDetail, Page, ResetLink } from './types';

// Accounts, for staff alone.

type Asked = NonNullable<operations['list_accounts']['parameters']['query']>;

export type UserStatus = NonNullable<Asked['status']>;
export type UserRole = NonNullable<Asked['role']>;
export type UserSort = NonNullable<Asked['sort']>;
/** Which accounts, and in which order. */
export type UserFilter = Pick<Asked, 'search' | 'status' | 'role' | 'sort'>;

export const usersPath = '/api/v1/admin/users/';

export function listAccounts(query: UserFilter): Promise<Page<AdminUser>> {
	return json(unwrap(client.GET(usersPath, { params: { query } })));
}

export function getAccount(id: string): Promise<AdminUserDetail> {
	return unwrap(client.GET('/api/v1/admin/users/{id}/', at(id)));
}

export function changeAccount(id: string, body: AdminUserChanges): Promise<AdminUserDetail> {
	return unwrap(client.PATCH('/api/v1/admin/users/{id}/', { ...at(id), body }));
}

export function deleteAccountOf(id: string): Promise<unknown> {
	return unwrap(client.DELETE('/api/v1/admin/users/{id}/', at(id)));
}

export function endSessionsOf(id: string): Promise<unknown> {
	return unwrap(client.POST('/api/v1/admin/users/{id}/end_sessions/', at(id)));
}

export function createResetLink(id: string): Promise<ResetLink> {
	return unwrap(client.POST('/api/v1/admin/users/{id}/reset_link/', at(id)));
}
