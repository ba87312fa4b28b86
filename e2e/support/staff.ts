import { Account, PASSWORD } from './account.ts';
import type { Server } from './server.ts';

/** The first administrator of a server, by the link that it printed. */
export async function administrator(server: Server): Promise<Account> {
	const token = server.setupLink.split('#token=')[1];
	const response = await fetch(`${server.url}/api/v1/auth/setup/`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({
			token,
			username: 'chief',
			email: 'chief@example.org',
			password: PASSWORD,
		}),
	});
	if (!response.ok) throw new Error(`setup: ${response.status} ${await response.text()}`);
	return Account.signIn(server, 'chief', PASSWORD);
}
