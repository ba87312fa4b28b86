import { PASSWORD } from '../support/account.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

test('sign up, sign out, sign in', { tag: '@main' }, async ({ open, t }) => {
	const window = await open();
	await expect(window.page).toHaveURL(/\/sign-in$/);
	await window.page.getByRole('link', { name: t('auth.sign_up') }).click();
	await window.signUp('marta', 'marta@example.org', PASSWORD);
	await expect(window.page).toHaveURL(/\/$/);
	await expect(window.page.getByText(t('rooms.empty'))).toBeVisible();

	await window.signOut();
	await expect(window.page).toHaveURL(/\/sign-in$/);
	await expect(window.page.getByText(t('auth.ended'))).toHaveCount(0);

	await window.signIn('marta@example.org', PASSWORD);
	await expect(window.page.getByText(t('rooms.empty'))).toBeVisible();
	await window.page.reload();
	await expect(window.page.getByText(t('rooms.empty'))).toBeVisible();
});

test(
	'who is signed out signs in, and comes back to where they wanted to go',
	{ tag: '@main' },
	async ({ open, person }) => {
		const ana = await person('Ana');
		const room = await ana.group('Garden');
		const window = await open(null, `/rooms/${room.id}`);
		await expect(window.page).toHaveURL(/\/sign-in\?next=/);
		await window.signIn('ana', PASSWORD);
		await expect(window.page).toHaveURL(new RegExp(`/rooms/${room.id}$`));
		await expect(window.heading('Garden')).toBeVisible();
	},
);

test(
	'a wrong password is told in the reader’s language',
	{ tag: '@main' },
	async ({ open, person, watch, locale }) => {
		watch.allow(refused(401));
		await person('Ana');
		const window = await open();
		await window.signIn('ana', 'not-my-password');
		const words = locale?.startsWith('es') ? /contraseña/i : /password/i;
		await expect(window.page.getByRole('alert')).toHaveText(words);
		await expect(window.page).toHaveURL(/\/sign-in$/);
	},
);

test(
	'a taken username is told at its field',
	{ tag: '@main' },
	async ({ open, person, watch, locale, t }) => {
		watch.allow(refused(400));
		await person('Ana');
		const window = await open(null, '/sign-up');
		await window.signUp('ANA', 'other@example.org', PASSWORD);
		const field = window.page.getByLabel(t('field.username'));
		const words = locale?.startsWith('es') ? /ya está en uso/i : /taken/i;
		await expect(field).toHaveAccessibleDescription(words);
		await expect(field).toHaveAttribute('aria-invalid', 'true');
		await expect(field).toBeFocused();
		await expect(window.page.getByLabel(t('field.email'))).toHaveAttribute('aria-invalid', 'false');
	},
);

test('no address leads away from here', async ({ open, person, watch, server }) => {
	// Some of them name a path of ours that is not there; and signing out so soon overtakes what is being loaded.
	watch.allow(refused(404), refused(401));
	await person('Ana');
	const window = await open();
	for (const next of [
		'https://example.com/',
		'//example.com/',
		'/\\example.com',
		'/%09/example.com',
		'/.//example.com',
		'javascript:alert(1)',
	]) {
		await window.page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
		await window.signIn('ana', PASSWORD);
		await expect(window.page).not.toHaveURL(/sign-in/);
		expect(new URL(window.page.url()).origin, next).toBe(server.url);
		await window.page.goto('/');
		await window.signOut();
		await expect(window.page).toHaveURL(/\/sign-in/);
	}
});
