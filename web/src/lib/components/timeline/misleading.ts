/** Words that look like the name of a host. */
const HOST = /(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}/gu;

/** Whether a link says another host than the one it leads to, or hides it behind a name. */
export function isMisleading(text: string, address: URL): boolean {
	if (!address.protocol.startsWith('http')) return false;
	if (address.username) return true;
	const host = withoutWww(address.hostname);
	const said = text.trim();
	if (hostOf(said) === host || hostOf(`http://${said}`) === host) return false;
	return [...said.matchAll(HOST)].some(([name]) => hostOf(`http://${name}`) !== host);
}

function hostOf(address: string): string | null {
	return URL.canParse(address) ? withoutWww(new URL(address).hostname) : null;
}

function withoutWww(host: string): string {
	return host.replace(/^www\./, '');
}
