import { client, unwrap } from './client';
import type { Me, TwoFactor, TwoFactorSetup } from './types';

/** Goes on with a sign-in that waits for a code. */
export async function logInByCode(token: string, code: string): Promise<Me> {
	const body = { token, code };
	return (await unwrap(client.POST('/api/v1/auth/login/two_factor/', { body }))).user;
}

export function getTwoFactor(): Promise<TwoFactor> {
	return unwrap(client.GET('/api/v1/auth/two_factor/'));
}

/** A new secret for an authenticator; it counts once a code of it has come back. */
export function setUpTwoFactor(): Promise<TwoFactorSetup> {
	return unwrap(client.POST('/api/v1/auth/two_factor/setup/'));
}

/** Turns it on; gives the recovery codes. */
export async function enableTwoFactor(password: string, code: string): Promise<string[]> {
	const body = { password, code };
	return (await unwrap(client.POST('/api/v1/auth/two_factor/enable/', { body }))).recovery_codes;
}

export function disableTwoFactor(password: string, code: string): Promise<unknown> {
	return unwrap(client.POST('/api/v1/auth/two_factor/disable/', { body: { password, code } }));
}

export async function renewRecoveryCodes(password: string, code: string): Promise<string[]> {
	const body = { password, code };
	const answer = unwrap(client.POST('/api/v1/auth/two_factor/recovery_codes/', { body }));
	return (await answer).recovery_codes;
}
