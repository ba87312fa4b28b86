import { expect, test } from './camera.ts';

const NOBODY = '0198c7c5-0000-7000-8000-000000000000';

test('people', { tag: '@main' }, async ({ open, person, watch, shoot, t }) => {
	watch.allow(/status of 40[34] /);
	const lucia = await person('Lucía Ferrer');
	const [tomas, noor, henrik, iris] = [
		await person('Tomás Abad'),
		await person('Noor Haddad'),
		await person('Henrik Lund'),
		await person('Iris Novak'),
	];
	const ask = (from: typeof lucia, to: typeof lucia) =>
		from.call('POST', '/api/v1/friends/requests/', { user_id: to.id });
	await ask(lucia, tomas);
	await ask(tomas, lucia);
	await ask(noor, lucia);
	await ask(lucia, henrik);
	await henrik.call('PATCH', '/api/v1/users/me/', { settings: { direct_messages: 'friends' } });
	await lucia.call('POST', '/api/v1/blocks/', { user_id: iris.id });
	await tomas.call('PATCH', '/api/v1/users/me/', {
		bio: 'Keeps the keys of the shed.\nBees, beans and bad puns.',
	});

	const window = await open(lucia, '/friends');
	const { page, dialog } = window;
	await expect(page.getByRole('region', { name: t('friends.incoming') })).toBeVisible();
	await shoot(window, 'friends');
	await page.getByRole('searchbox', { name: t('friends.find') }).fill('n');
	await expect(page.getByRole('list', { name: t('people.results') })).toBeVisible();
	await shoot(window, 'friends-finding');
	for (const [who, state] of [
		[tomas, 'person-friend'],
		[noor, 'person-asking'],
		[henrik, 'person-asked'],
		[iris, 'person-blocked'],
		[lucia, 'person-oneself'],
	] as const) {
		await page.goto(`/people/${who.id}`);
		await expect(window.heading(who.name)).toBeVisible();
		await shoot(window, state);
	}
	await page.goto(`/people/${henrik.id}`);
	await window.button('person.message').click();
	await expect(page.getByRole('alert')).toBeVisible();
	await shoot(window, 'person-refuses');
	await page.goto(`/people/${NOBODY}`);
	await expect(page.getByText(t('person.missing.text'))).toBeVisible();
	await shoot(window, 'person-missing');
	await page.goto(`/people/${tomas.id}`);
	await window.button('person.more').click();
	await shoot(window, 'person-menu');
	await page.getByRole('menuitem', { name: t('person.block') }).click();
	await expect(dialog).toBeVisible();
	await shoot(window, 'person-block');
	await page.keyboard.press('Escape');
	if (window.touch) return;
	await page.goto('/friends');
	await page.getByRole('link', { name: /Tomás Abad/ }).click();
	await expect(dialog.getByText('Keeps the keys')).toBeVisible();
	await shoot(window, 'person-dialog');
});
