export interface Device {
	/** The browser's own agent, and how many fingers its screen takes. */
	agent: string;
	fingers: number;
	/** Whether it runs installed already. */
	installed: boolean;
}

/** Apple's browsers on phones and tablets never offer it: there it goes by the menu for sharing. */
export function installsBySharing({ agent, fingers, installed }: Device): boolean {
	const apple = /iphone|ipad|ipod/i.test(agent) || (/macintosh/i.test(agent) && fingers > 1);
	return apple && !installed;
}
