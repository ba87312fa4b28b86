import type { AdminUser, Me } from '$lib/api/types';

// What the pages of staff offer; the server decides.

type Office = Pick<AdminUser, 'id' | 'is_staff' | 'is_superuser'>;
type Caller = Pick<Me, 'id' | 'is_staff' | 'is_superuser'>;

/** Whether somebody may be put out of use, signed out, deleted: others alone, and staff by superusers alone. */
export function mayGovern(me: Caller, user: Office): boolean {
	if (!me.is_staff || me.id === user.id) return false;
	return me.is_superuser || !(user.is_staff || user.is_superuser);
}

/** Whether the names of an account may be changed: one's own too. */
export function mayRename(me: Caller, user: Office): boolean {
	return (me.is_staff && me.id === user.id) || mayGovern(me, user);
}

/** Whether somebody may be made staff, or be it no more: a superuser stays staff. */
export function mayAppoint(me: Caller, user: Office): boolean {
	return me.is_superuser && mayGovern(me, user) && !user.is_superuser;
}
