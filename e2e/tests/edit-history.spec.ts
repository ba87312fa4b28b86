import { expect, test } from '../support/test.ts';

test('what a message said before, word by word', { tag: '@main' }, async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const room = await ana.directChat(ben);
	const sent = await ana.send(room, 'We meet at five, bring tea');
	const his = await open(ben, `/rooms/${room.id}`);
	await expect(his.message('We meet at five')).toBeVisible();
	const edit = (content: string) =>
		ana.call('PATCH', `/api/v1/chat/messages/${sent.id}/`, { content });
	await edit('We meet at six, bring tea');
	await edit('We meet at six, bring green tea');

	const message = his.message('We meet at six, bring green tea');
	await his.point(message);
	await his.button('message.edited_show', message).click();
	const versions = his.dialog.getByRole('listitem');
	await expect(versions).toHaveCount(3);
	await expect(versions.nth(0)).toContainText(t('message.history.now'));
	await expect(versions.nth(0).locator('ins')).toContainText('green');
	await expect(versions.nth(0).locator('del')).toHaveCount(0);
	await expect(versions.nth(1).locator('ins')).toContainText('six');
	await expect(versions.nth(1).locator('del')).toContainText('five');
	await expect(versions.nth(2)).toContainText(t('message.history.first'));
	await expect(versions.nth(2)).toContainText('We meet at five, bring tea');
	await his.page.keyboard.press('Escape');
	await expect(his.dialog).toHaveCount(0);

	// By the menu, too.
	await his.act(message, 'history');
	await expect(versions).toHaveCount(3);
});
