import { expect, test } from '../support/test.ts';

const COUNT = 300;

test('older messages load while scrolling up, without a jump', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const texts = Array.from(
		{ length: COUNT },
		(_, i) => `Message ${String(i + 1).padStart(3, '0')}`,
	);
	for (const [i, text] of texts.entries()) {
		// Of different heights, so that a wrong estimate would show.
		const more = i % 7 === 0 ? '\n\nwith a second paragraph\n\nand a third' : '';
		await (i % 3 ? ana : ben).send(room, text + more);
	}
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);

	const window = await open(ana, `/rooms/${room.id}`);
	await expect(window.message('Message 300')).toBeInViewport();
	await expect(window.message('Message 001')).toHaveCount(0);

	const seen = new Set<string>();
	for (let step = 0; !seen.has('Message 001'); step++) {
		expect(step, 'steps to the beginning').toBeLessThan(40);
		const before = await window.timeline.evaluate((log) => {
			log.scrollTop = Math.min(log.scrollTop, 40);
			const top = log.getBoundingClientRect().top;
			const articles = [...log.querySelectorAll<HTMLElement>('article[data-message-id]')];
			const anchor = articles.find((one) => one.getBoundingClientRect().top >= top);
			return {
				first: articles[0]?.dataset.messageId,
				anchor: anchor?.dataset.messageId ?? '',
				y: anchor?.getBoundingClientRect().top ?? 0,
			};
		});
		const first = window.timeline.locator('article[data-message-id]').first();
		await expect(first).not.toHaveAttribute('data-message-id', before.first ?? '');
		await expect(window.timeline).toHaveAttribute('aria-busy', 'false');
		const anchor = window.timeline.locator(`[data-message-id="${before.anchor}"]`);
		const y = await anchor.evaluate((one) => one.getBoundingClientRect().top);
		expect(Math.abs(y - before.y), 'pixels that the page jumped').toBeLessThanOrEqual(2);

		const shown = (await window.texts()).map((text) => text.slice(0, 'Message 000'.length));
		const from = texts.indexOf(shown[0] ?? '');
		expect(shown, 'in order, none missing, none twice').toEqual(
			texts.slice(from, from + shown.length),
		);
		for (const text of shown) seen.add(text);
	}
	expect(seen.size).toBe(COUNT);

	// And back: what was taken out of the page is in it again.
	await window.button('timeline.jump').click();
	await expect(window.message('Message 300')).toBeInViewport();
	await ben.send(room, 'One more');
	await expect(window.message('One more')).toBeInViewport();
});

test('a quote leads to what it quotes, however far up', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const original = await ben.send(room, 'Where it all began');
	for (let i = 1; i <= 130; i++) await ben.send(room, `Message ${i}`);
	await ben.send(room, 'Remember?', { reply_to_id: original.id });
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
	const window = await open(ana, `/rooms/${room.id}`);
	await expect(window.message('Remember?')).toBeInViewport();
	await expect(window.message('Where it all began')).toHaveCount(0);
	await window.message('Remember?').getByRole('blockquote').getByRole('button').click();
	await expect(window.message('Where it all began')).toBeInViewport();
	await expect(window.message('Where it all began')).toBeFocused();
	await window.button('timeline.jump').click();
	await expect(window.message('Remember?')).toBeInViewport();
});

test('what comes in does not move what is being read', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	for (let i = 1; i <= 45; i++) await ben.send(room, `Message ${i}`);
	const window = await open(ana, `/rooms/${room.id}`);
	// Unread, all of them: the room opens where they begin.
	await expect(window.page.getByText(window.t('timeline.new'), { exact: true })).toBeInViewport();
	await expect(window.message('Message 1').first()).toBeInViewport();
	await window.page.getByRole('button', { name: window.t('timeline.jump') }).click();
	await expect(window.message('Message 45')).toBeInViewport();
	const anchor = window.message('Message 20');
	await anchor.evaluate((one) => one.scrollIntoView({ block: 'center' }));
	await expect(window.button('timeline.jump')).toBeVisible();
	const y = (await anchor.boundingBox())?.y ?? 0;
	await ben.send(room, 'Far below');
	await expect(window.message('Far below')).toBeAttached();
	expect((await anchor.boundingBox())?.y).toBeCloseTo(y, 0);
});

test('the way down says how much has come, and the end stays in sight', async ({
	open,
	person,
	t,
}) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	for (let i = 1; i <= 45; i++) await ben.send(room, `Message ${i}`);
	const window = await open(ana, `/rooms/${room.id}`);
	const line = window.page.getByRole('heading', { name: t('timeline.new'), exact: true });
	const jump = window.page.getByRole('button', { name: t('timeline.jump') });
	await expect(line).toBeInViewport();
	const named = (count: number) =>
		`${t('timeline.jump')} (${t.plural('timeline.new_count', count)})`;
	// What has come into sight is not counted any more.
	const count = window.timeline.locator('..').locator('.badge');
	await expect.poll(async () => Number(await count.textContent())).toBeLessThan(45);
	const left = Number(await count.textContent());
	expect(left).toBeGreaterThan(10);
	await ben.send(room, 'One more');
	await ben.send(room, 'And one');
	await expect(jump).toHaveAccessibleName(named(left + 2));
	await jump.click();
	await expect(window.message('And one')).toBeInViewport();
	await expect(jump).toHaveCount(0);

	// A scroll event between the growing of the composer and its being noticed.
	await window.timeline.evaluate((log) => {
		document.querySelector('textarea')?.style.setProperty('height', '12rem');
		log.dispatchEvent(new Event('scroll'));
	});
	await expect(window.message('And one')).toBeInViewport({ ratio: 1 });
	await expect(jump).toHaveCount(0);

	// Who answers has seen what was new.
	await expect(line).toBeAttached();
	await window.send('Got it');
	await expect(window.message('Got it')).toBeInViewport();
	await expect(line).toHaveCount(0);
});
