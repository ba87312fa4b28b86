import { getRegistrationPolicy } from '$lib/api/accounts';
import type { RegistrationPolicy } from '$lib/api/types';

/** Who may make an account on this server, and who helps who has forgotten their password. */
class SignUp {
	/** Null before the server has said. */
	policy = $state.raw<RegistrationPolicy['registration'] | null>(null);
	/** What staff say to whoever comes; empty for nothing. */
	welcome = $state('');

	/** False where the server has no way to send a link. */
	sendsMail = $state(true);

	/** Asks, unless it is known. */
	async ask(): Promise<void> {
		if (this.policy) return;
		try {
			const { registration, sends_mail, welcome } = await getRegistrationPolicy();
			this.policy = registration;
			this.sendsMail = sends_mail;
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
