import type { Attachment } from 'svelte/attachments';

/** Takes files that are dropped anywhere on an element, and says while they hover over it. */
export class Dropping {
	over = $state(false);
	#onfiles: (files: readonly File[]) => void;
	/** Moving on to an element within comes as entering that and then leaving the one before. */
	#depth = 0;

	constructor(onfiles: (files: readonly File[]) => void) {
		this.#onfiles = onfiles;
	}

	readonly target: Attachment<HTMLElement> = (element) => {
		const listen = (type: 'dragenter' | 'dragover' | 'dragleave' | 'drop') => {
			const heard = (event: DragEvent) => this.#heard(event);
			element.addEventListener(type, heard);
			return () => element.removeEventListener(type, heard);
		};
		const ends = (['dragenter', 'dragover', 'dragleave', 'drop'] as const).map(listen);
		return () => ends.forEach((end) => end());
	};

	#heard(event: DragEvent): void {
		if (!event.dataTransfer?.types.includes('Files')) return;
		event.preventDefault();
		if (event.type === 'dragenter') this.#depth++;
		if (event.type === 'dragleave') this.#depth--;
		if (event.type === 'drop') {
			this.#depth = 0;
			this.#onfiles([...event.dataTransfer.files]);
		}
		this.over = this.#depth > 0;
	}
}
