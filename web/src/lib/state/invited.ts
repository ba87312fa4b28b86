const STORED = 'charla.invite';

/** The invite that somebody wants to take up once they are signed in, in this tab. */
export const invitedBy = () => sessionStorage.getItem(STORED);

export function noteInvite(code: string | null): void {
	if (code) sessionStorage.setItem(STORED, code);
	else sessionStorage.removeItem(STORED);
}
