import { check } from '../support/axe.ts';
import { fill, history } from '../support/crowd.ts';
import { expect, test } from '../support/test.ts';

test('axe finds nothing anywhere in a long timeline', async ({ open, person, watch, t }) => {
	test.slow();
	watch.allow(/status of 400/);
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.group('Garden', [ben]);
	await fill([ana, ben], room, 80);
	await ana.call('POST', `/api/v1/chat/rooms/${room.id}/mark_all_read/`);
	await fill([ben], room, 45, 'Unread');
	const all = await history(ana, room);
	const window = await open(ana, `/rooms/${room.id}`);
	await expect(
		window.page.getByRole('heading', { name: t('timeline.new'), exact: true }),
	).toBeInViewport();
	const jump = window.page.getByRole('button', { name: t('timeline.jump') });
	await ben.send(room, 'News');
	await expect(jump).toHaveAccessibleName(/\(\d\d /);
	await check(window, 'where the unread ones begin, something new below');
	await jump.click();
	await expect(window.message('News')).toBeInViewport();
	const far = await ben.send(room, 'Look there', { reply_to_id: all[10]?.id });
	const quote = window.timeline.locator(`[data-message-id="${far.id}"] blockquote button`);
	await quote.click();
	await expect(window.button('timeline.back')).toBeVisible();
	await expect(window.timeline).toHaveAttribute('aria-busy', 'false');
	await check(window, 'after a jump');
	await window.page.goto(`/rooms/${room.id}?message=${room.id}`);
	await expect(window.page.getByText(t('timeline.unreachable'))).toHaveCount(0);
	await expect(window.page.getByText(t('timeline.gone'))).toBeVisible();
	await check(window, 'what is gone');
});
