import type { Page } from '@playwright/test';
import { HOSTILE_TEXTS } from '../support/hostile-texts.ts';
import { expect, test } from '../support/test.ts';

/** What the server's HTML may be made of, with the attributes of each. */
const ALLOWED: Record<string, string[]> = {
	A: ['href', 'rel', 'target'],
	BLOCKQUOTE: [],
	BR: [],
	CODE: ['class'],
	DEL: [],
	EM: [],
	H1: [],
	H2: [],
	H3: [],
	H4: [],
	H5: [],
	H6: [],
	HR: [],
	LI: [],
	OL: ['start'],
	P: [],
	PRE: [],
	SPAN: ['class', 'data-user-id'],
	STRONG: [],
	TABLE: [],
	TBODY: [],
	TD: [],
	TH: [],
	THEAD: [],
	TR: [],
	UL: [],
};

/** A page of nobody's that would let everything run, and what came of a text there. */
class Laboratory {
	readonly page: Page;
	#requests: string[] = [];

	constructor(page: Page) {
		this.page = page;
		page.on('request', (request) => this.#requests.push(request.url()));
		page.on('dialog', (dialog) => dialog.dismiss());
	}

	/** What is active in the HTML as the browser parses it, and as it parses what it has made of it. */
	async dangers(html: string): Promise<string[]> {
		await this.page.goto('about:blank');
		this.#requests = [];
		const found = await this.page.evaluate(
			async ({ html, allowed }) => {
				const dangers = new Set<string>();
				const inspect = (root: ParentNode) => {
					for (const element of root.querySelectorAll('*')) {
						const attributes = allowed[element.nodeName];
						if (!attributes) dangers.add(element.nodeName);
						for (const { name } of element.attributes) {
							if (!attributes?.includes(name)) dangers.add(`${element.nodeName} ${name}`);
						}
						const address = element.getAttribute('href');
						const scheme = address === null ? 'https:' : new URL(address, 'none:').protocol;
						if (!['http:', 'https:', 'mailto:'].includes(scheme)) dangers.add(scheme);
					}
				};
				const box = document.createElement('div');
				document.body.append(box);
				/** What is fetched says in a later task that it came, or did not. */
				const settled = () =>
					[...box.querySelectorAll('img')].map(
						(image) =>
							new Promise((resolve) => {
								image.addEventListener('load', resolve);
								image.addEventListener('error', resolve);
							}),
					);
				box.innerHTML = html;
				const first = settled();
				inspect(box);
				box.innerHTML = String(box.innerHTML);
				const second = settled();
				inspect(box);
				inspect(new DOMParser().parseFromString(`<body>${html}`, 'text/html').body);
				await Promise.all([...first, ...second]);
				if ('ran' in window) dangers.add('ran');
				return [...dangers];
			},
			{ html, allowed: ALLOWED },
		);
		return [...found, ...this.#requests];
	}
}

test(
	'nothing active comes through in what people type',
	{ tag: '@desktop' },
	async ({ person, page }) => {
		test.setTimeout(180_000);
		const ana = await person('Ana Ruiz');
		const room = await ana.group('Laboratory');
		const laboratory = new Laboratory(page);
		await page.route('**', (route) => route.abort());
		expect(HOSTILE_TEXTS.length).toBeGreaterThanOrEqual(60);
		for (const text of HOSTILE_TEXTS) {
			const { content_html: html } = await ana.send(room, text);
			expect(await laboratory.dangers(html), `${text}\nbecame\n${html}`).toEqual([]);
		}
	},
);

test('the laboratory notices what is active', { tag: '@desktop' }, async ({ page }) => {
	const laboratory = new Laboratory(page);
	await page.route('**', (route) => route.abort());
	for (const [html, danger] of [
		['<img src=x onerror=parent.ran=1>', 'ran'],
		['<img src=https://evil.example/pixel.png>', 'https://evil.example/pixel.png'],
		['<a href="javascript:1">x</a>', 'javascript:'],
		['<p onclick=1>', 'P onclick'],
		['<svg></svg>', 'svg'],
	] as const) {
		expect(await laboratory.dangers(html), html).toContain(danger);
	}
});
