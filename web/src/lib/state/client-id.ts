/**
 * A name for one send. It begins with the time, so that the server finds it beside those of just before; the rest is random.
 * Not `crypto.randomUUID`, which plain-HTTP pages do not have.
 */
export function newClientId(): string {
	const time = Date.now().toString(16).padStart(12, '0');
	const bytes = crypto.getRandomValues(new Uint8Array(10));
	return time + Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
