/** What browsers tell that can install the client; the type is not in their common list. */
export interface InstallOffer extends Event {
	prompt(): Promise<unknown>;
}

/** The browser's offer to install the client, kept until somebody asks for it. */
export class Install {
	offer = $state.raw<InstallOffer | null>(null);

	/** It comes once, soon after the page has loaded: there has to be somebody to hear it. */
	listen(target: EventTarget): void {
		target.addEventListener('beforeinstallprompt', (event) => {
			event.preventDefault();
			this.offer = event as InstallOffer;
		});
		target.addEventListener('appinstalled', () => (this.offer = null));
	}

	/** An offer is good for once. */
	async take(): Promise<void> {
		const { offer } = this;
		this.offer = null;
		await offer?.prompt();
	}
}

export const install = new Install();
