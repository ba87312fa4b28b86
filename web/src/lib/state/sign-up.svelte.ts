import { getRegistrationPolicy } from '$lib/api/accounts';
import type { RegistrationPolicy } from '$lib/api/types';

/** Who may make an account on this server. */
class SignUp {
	/** Null before the server has said. */
	policy = $state.raw<RegistrationPolicy['registration'] | null>(null);
	/** What staff say to whoever comes; empty for nothing. */
	welcome = $state('');

	/** Asks, unless it is known. */
	async ask(): Promise<void> {
		if (this.policy) return;
		try {
			const { registration, welcome } = await getRegistrationPolicy();
			this.policy = registration;
			this.welcome = welcome;
		} catch (error) {
			// Whoever tries is told.
			console.warn('who may sign up is not known', error);
			this.policy = 'open';
		}
	}

	/** Why one who comes with an invite, or with none, cannot sign up: the code by which the server would refuse. */
	refusal(invite: string | null): 'registration_closed' | 'invite_required' | null {
		if (this.policy === 'closed') return 'registration_closed';
		return this.policy === 'invite' && !invite ? 'invite_required' : null;
	}
}

export const signUp = new SignUp();
