import type { Attachment } from 'svelte/attachments';

const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;

/** Takes files that are dropped anywhere on an element, and says while they hover over it. */
export class Dropping {
	over = $state(false);
	#onfiles: (files: readonly File[]) => void;

	constructor(onfiles: (files: readonly File[]) => void) {
		this.#onfiles = onfiles;
	}

	readonly target: Attachment<HTMLElement> = (element) => {
		const hovers = (event: DragEvent) => (this.over = hasFiles(event));
		const leaves = ({ relatedTarget }: DragEvent) => {
			this.over &&= relatedTarget instanceof Node && element.contains(relatedTarget);
		};
		const drops = (event: DragEvent) => {
			this.over = false;
			if (hasFiles(event)) this.#onfiles([...(event.dataTransfer?.files ?? [])]);
		};
		// Beside it, a file that is dropped would take the place of the page.
		const guard = (event: DragEvent) => {
			if (hasFiles(event)) event.preventDefault();
		};
		element.addEventListener('dragenter', hovers);
		element.addEventListener('dragleave', leaves);
		element.addEventListener('drop', drops);
		addEventListener('dragover', guard);
		addEventListener('drop', guard);
		return () => {
			element.removeEventListener('dragenter', hovers);
			element.removeEventListener('dragleave', leaves);
			element.removeEventListener('drop', drops);
			removeEventListener('dragover', guard);
			removeEventListener('drop', guard);
		};
	};
}
