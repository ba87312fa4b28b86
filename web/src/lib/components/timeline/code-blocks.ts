import { copyText } from '$lib/state/clipboard';
import type { RenderedWords } from './rendered';
import { trustedHtml } from '$lib/trusted';

const LANGUAGE = 'language-';
/** How long a copied block says so. */
const TOLD_MS = 2_000;

/** Blocks of code get a button that copies them, and colours where they name their language. */
export function codeBlocks(content: DocumentFragment, words: RenderedWords): void {
	for (const block of content.querySelectorAll('pre')) {
		const code = block.querySelector('code');
		if (!code) continue;
		const box = document.createElement('div');
		box.className = 'code';
		block.replaceWith(box);
		block.dataset.scrolls = words.code;
		box.append(block, copyButton(code, words.copy));
		const language = [...code.classList].find((name) => name.startsWith(LANGUAGE));
		if (language) void colour(code, language.slice(LANGUAGE.length));
	}
}

function copyButton(code: HTMLElement, label: string): HTMLButtonElement {
	const button = document.createElement('button');
	button.type = 'button';
	button.className = 'copy';
	button.ariaLabel = label;
	button.title = label;
	button.addEventListener('click', () => {
		copyText(code.textContent).then(
			() => {
				button.dataset.told = 'copied';
				setTimeout(() => delete button.dataset.told, TOLD_MS);
			},
			(error: unknown) => console.warn('code not copied', error),
		);
	});
	return button;
}

async function colour(code: HTMLElement, language: string): Promise<void> {
	try {
		const { highlight } = await import('./highlighter');
		const html = highlight(code.textContent, language);
		if (html !== null) code.innerHTML = trustedHtml(html);
	} catch (error) {
		console.warn('code without colours', error);
	}
}
