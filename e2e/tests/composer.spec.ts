import { fill } from '../support/crowd.ts';
import { showFormatting } from '../support/composing.ts';
import type { Locator } from '@playwright/test';
import { expect, test } from '../support/test.ts';

const select = (composer: Locator, from: number, to: number) =>
	composer.evaluate(
		(area: HTMLTextAreaElement, [start, end]) => area.setSelectionRange(start, end),
		[from, to] as const,
	);

test(
	'keys put marks around words, and undo takes them away',
	{ tag: ['@main', '@desktop'] },
	async ({ open, person }) => {
		const ana = await person('Ana Ruiz');
		const room = await ana.group('Garden');
		const window = await open(ana, `/rooms/${room.id}`);
		const { composer } = window;
		const { keyboard } = window.page;
		await composer.pressSequentially('red and blue');
		for (const [key, marked] of [
			['Control+b', '**red** and blue'],
			['Control+i', '*red* and blue'],
			['Control+e', '`red` and blue'],
			['Control+Shift+X', '~~red~~ and blue'],
		] as const) {
			await select(composer, 0, 3);
			await keyboard.press(key);
			await expect(composer).toHaveValue(marked);
			await keyboard.press('Control+z');
			await expect(composer).toHaveValue('red and blue');
		}
		await select(composer, 0, 3);
		await keyboard.press('Control+b');
		await keyboard.press('Control+b');
		await expect(composer).toHaveValue('red and blue');
		await keyboard.press('Control+b');
		await keyboard.press('Enter');
		await expect(window.message('red and blue').locator('strong')).toHaveText('red');
	},
);

test(
	'three backticks make a block, and an address over words their link',
	{ tag: '@desktop' },
	async ({ open, person }) => {
		const ana = await person('Ana Ruiz');
		const room = await ana.group('Garden');
		const window = await open(ana, `/rooms/${room.id}`);
		const { composer, page } = window;
		await composer.pressSequentially('let x');
		await select(composer, 0, 5);
		for (let times = 0; times < 3; times++) await page.keyboard.press('`');
		await expect(composer).toHaveValue('```\nlet x\n```');
		await composer.fill('see the roses');
		await select(composer, 8, 13);
		await composer.evaluate((area) => {
			const clipboardData = new DataTransfer();
			clipboardData.setData('text/plain', 'https://example.org/roses');
			area.dispatchEvent(
				new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
			);
		});
		await expect(composer).toHaveValue('see the [roses](https://example.org/roses)');
		await page.keyboard.press('Enter');
		await expect(window.message('see the roses').getByRole('link')).toHaveAttribute(
			'href',
			'https://example.org/roses',
		);
	},
);

test('a list goes on with each new line, and ends with an empty one', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	const { composer } = window;
	// Where Enter sends, Shift with it is the new line.
	const line = window.touch ? 'Enter' : 'Shift+Enter';
	await composer.click();
	await composer.pressSequentially('1. Roses');
	await composer.press(line);
	await composer.pressSequentially('Tulips');
	await expect(composer).toHaveValue('1. Roses\n2. Tulips');
	await composer.press(line);
	await composer.press(line);
	await expect(composer).toHaveValue('1. Roses\n2. Tulips\n');
	await window.button('message.send').click();
	await expect(window.message('Roses').locator('ol li')).toHaveCount(2);
});

test(
	'the formatting bar works with what is selected',
	{ tag: '@main' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const room = await ana.group('Garden');
		const window = await open(ana, `/rooms/${room.id}`);
		const { composer } = window;
		const bar = window.page.getByRole('toolbar', { name: t('composer.format') });
		await composer.click();
		await composer.fill('one\ntwo');
		await expect(bar).toHaveCount(0);
		await showFormatting(window);
		await composer.evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(0, 7));
		await window.button('composer.list', bar).click();
		await expect(composer).toHaveValue('- one\n- two');
		await window.button('composer.quote', bar).click();
		await expect(composer).toHaveValue('> one\n> two');
		await expect(composer).toBeFocused();
	},
);

test('the bar is reached by keyboard', { tag: '@desktop' }, async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	const { keyboard } = window.page;
	await window.composer.pressSequentially('red');
	await keyboard.press('Control+a');
	await expect(window.button('composer.bold')).toBeVisible();
	for (let presses = 0; presses < 3; presses++) {
		if (await window.button('composer.bold').evaluate((one) => one === document.activeElement))
			break;
		await keyboard.press('Shift+Tab');
	}
	await expect(window.button('composer.bold')).toBeFocused();
	await keyboard.press('ArrowRight');
	await expect(window.button('composer.italic')).toBeFocused();
	await keyboard.press('Enter');
	await expect(window.composer).toHaveValue('*red*');
	await expect(window.composer).toBeFocused();
});

test('it grows with its text up to a part of the page', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	const height = async () => (await window.composer.boundingBox())?.height ?? 0;
	const one = await height();
	await window.composer.fill('one\ntwo\nthree');
	expect(await height()).toBeGreaterThan(one + 30);
	await window.composer.fill('line\n'.repeat(80));
	const page = window.page.viewportSize()?.height ?? 0;
	expect(await height()).toBeLessThanOrEqual(page * 0.4 + 1);
	await expect(window.button('message.send')).toBeInViewport();
	await window.button('message.send').click();
	expect(await height()).toBeCloseTo(one, 0);
});

test(
	'formatting many lines leaves the newest message in sight',
	{ tag: '@desktop' },
	async ({ open, person }) => {
		const ana = await person('Ana Ruiz');
		const room = await ana.group('Garden');
		await fill([ana], room, 30);
		await ana.send(room, 'The newest');
		const window = await open(ana, `/rooms/${room.id}`);
		const { composer, page } = window;
		const newest = window.message('The newest');
		await expect(newest).toBeInViewport({ ratio: 1 });
		await composer.fill('1\n2\n3\n4\n5\n6');
		await composer.press('Control+a');
		for (const key of ['Control+b', 'Control+z']) {
			await composer.press(key);
			// What it is over with has been drawn.
			await page.evaluate(
				() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))),
			);
			await expect(newest).toBeInViewport({ ratio: 1 });
			await expect(window.button('timeline.jump')).toHaveCount(0);
		}
	},
);

test('what is too long is counted and not sent', { tag: '@main' }, async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	const note = window.page.locator('form [role="status"]', { hasText: /\d/ });
	await window.composer.fill('🌹'.repeat(9_900));
	await expect(note).toContainText('100');
	await expect(window.button('message.send')).toBeEnabled();
	await window.composer.fill('x'.repeat(10_003));
	await expect(note).toContainText('3');
	await expect(window.button('message.send')).toBeDisabled();
	await expect(window.composer).toHaveAttribute('aria-invalid', 'true');
	await window.composer.fill('x');
	await expect(note).toHaveCount(0);
});

test(
	'Escape leaves an answer and an edit, and keeps the text',
	{ tag: '@desktop' },
	async ({ open, person, t }) => {
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		const room = await ana.group('Garden', [ben]);
		await ben.send(room, 'Roses?');
		await ana.send(room, 'Tulips');
		const window = await open(ana, `/rooms/${room.id}`);
		await window.act(window.message('Roses?'), 'reply');
		const note = window.page.getByText(t('message.replying', { name: 'Ben Okoye' }));
		await window.composer.pressSequentially('Why');
		await window.page.keyboard.press('Escape');
		await expect(note).toHaveCount(0);
		await expect(window.composer).toHaveValue('Why');
		await window.composer.fill('');
		await window.page.keyboard.press('ArrowUp');
		await expect(window.composer).toHaveValue('Tulips');
		await window.composer.fill('Tulips, then');
		await window.page.keyboard.press('Escape');
		await expect(window.composer).toHaveValue('');
		await expect(window.message('Tulips')).toBeVisible();
	},
);

test('Ctrl+Enter sends where that was chosen', { tag: '@desktop' }, async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, '/settings/appearance');
	await window.page.getByLabel(t('composer.send_key')).selectOption('modified');
	await window.page.goto(`/rooms/${room.id}`);
	await window.composer.pressSequentially('one');
	await window.page.keyboard.press('Enter');
	await window.composer.pressSequentially('two');
	await expect(window.composer).toHaveValue('one\ntwo');
	await window.page.keyboard.press('Control+Enter');
	await expect(window.message('one two')).toBeVisible();
	await expect(window.composer).toHaveValue('');
});

test('nothing needs scrolling sideways on a page that is 320 wide', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const room = await ana.group('Garden');
	const window = await open(ana, `/rooms/${room.id}`);
	await window.page.setViewportSize({ width: 320, height: 480 });
	await window.composer.fill('wide'.repeat(200));
	await showFormatting(window);
	await expect(window.button('message.send')).toBeInViewport({ ratio: 1 });
	await expect(window.button('emoji.open')).toBeInViewport({ ratio: 1 });
	const over = await window.page.evaluate(
		() => document.documentElement.scrollWidth - document.documentElement.clientWidth,
	);
	expect(over).toBe(0);
});
