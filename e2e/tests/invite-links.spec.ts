import { expect, test } from '../support/test.ts';

interface Invite {
	code: string;
	url: string;
	max_uses: number | null;
	expires_at: string | null;
}

test('a link is made, copied, used and revoked', { tag: '@main' }, async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const garden = await ana.group('Garden');
	const hers = await open(ana, `/rooms/${garden.id}`);
	const { page, dialog } = hers;
	await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
	await hers.openPanel('room.members');
	await hers.button('invites.open', hers.panel).click();
	await expect(dialog.getByText(t('invites.none'))).toBeVisible();
	await dialog.getByLabel(t('invites.expires')).selectOption('day');
	await dialog.getByLabel(t('invites.uses')).selectOption('5');
	await hers.button('invites.create', dialog).click();
	const lines = dialog.getByRole('listitem');
	await expect(lines).toHaveCount(1);
	await expect(lines).toContainText(t('invites.used', { uses: '0', max_uses: '5' }));

	const path = `/api/v1/chat/rooms/${garden.id}/invites/`;
	const [invite] = (await ana.call<{ results: Invite[] }>('GET', path)).results;
	if (!invite) throw new Error('no invite');
	expect(invite.max_uses).toBe(5);
	expect(Date.parse(invite.expires_at ?? '') - Date.now()).toBeGreaterThan(23 * 3_600_000);
	await dialog
		.getByRole('button', { name: t('invites.copy_named', { code: invite.code }) })
		.click();
	await expect(dialog.getByText(t('invites.copied'))).toBeVisible();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(invite.url);
	await ben.call('POST', `/api/v1/chat/invites/${invite.code}/accept/`);
	await expect(lines).toContainText(t('invites.used', { uses: '1', max_uses: '5' }));
	await hers.button('action.close', dialog).click();
	await expect(hers.members).toHaveCount(2);

	await hers.button('invites.open', hers.panel).click();
	await dialog
		.getByRole('button', { name: t('invites.revoke_named', { code: invite.code }) })
		.click();
	await expect(dialog.getByText(t('invites.none'))).toBeVisible();
	await expect(dialog.getByText(t('invites.revoked'))).toBeVisible();
});

test('members without the right are not offered links', async ({ open, person }) => {
	const ana = await person('Ana Ruiz');
	const ben = await person('Ben Okoye');
	const garden = await ana.group('Garden', [ben]);
	const his = await open(ben, `/rooms/${garden.id}`);
	await his.openPanel('room.members');
	await expect(his.members).toHaveCount(2);
	await expect(his.button('invites.open', his.panel)).toHaveCount(0);
});
