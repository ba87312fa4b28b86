/** A random name for one send. Not `crypto.randomUUID`, which plain-HTTP pages do not have. */
export function newClientId(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
