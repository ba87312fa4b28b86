import { PASSWORD } from '../support/account.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

test(
	'the rules are told while one types, and what is typed can be shown',
	{ tag: '@main' },
	async ({ open, t }) => {
		const { page } = await open(null, '/sign-up');
		const rule = (key: Parameters<typeof t>[0]) =>
			page.getByRole('listitem').filter({ hasText: t(key) });
		const met = new RegExp(`\\(${t('rule.met')}\\)`);
		const unmet = new RegExp(`\\(${t('rule.unmet')}\\)`);
		await expect(rule('rule.username.length')).toContainText(unmet);
		await page.getByLabel(t('field.username')).fill('ana ruiz');
		await expect(rule('rule.username.length')).toContainText(met);
		await expect(rule('rule.username.characters')).toContainText(unmet);
		await page.getByLabel(t('field.username')).fill('anaruiz');
		await expect(rule('rule.username.characters')).toContainText(met);

		const password = page.getByLabel(t('field.password'));
		await password.fill('AnaRuiz-2');
		await expect(rule('rule.password.length')).toContainText(met);
		await expect(rule('rule.password.own')).toContainText(unmet);
		await password.fill(PASSWORD);
		await expect(rule('rule.password.own')).toContainText(met);

		await expect(password).toHaveAttribute('type', 'password');
		const show = page.getByRole('button', { name: t('auth.show') });
		await show.click();
		await expect(show).toHaveAttribute('aria-pressed', 'true');
		await expect(password).toHaveAttribute('type', 'text');
		await expect(password).toHaveValue(PASSWORD);
	},
);

test('what is missing is told in our words', async ({ open, t }) => {
	const window = await open(null, '/sign-up');
	await window.button('auth.sign_up').click();
	const message = (key: 'field.username' | 'field.email') =>
		window.page.getByLabel(t(key)).evaluate((field: HTMLInputElement) => field.validationMessage);
	expect(await message('field.username')).toBe(t('field.missing'));
	await window.page.getByLabel(t('field.username')).fill('marta');
	expect(await message('field.username')).toBe('');
	await window.page.getByLabel(t('field.email')).fill('marta');
	await window.button('auth.sign_up').click();
	expect(await message('field.email')).toBe(t('field.no_email'));
});

test('the first field that was refused takes the focus', async ({ open, person, watch, t }) => {
	watch.allow(refused(400));
	await person('Marta');
	const window = await open(null, '/sign-up');
	await window.signUp('marta', 'marta@example.org', PASSWORD);
	await expect(window.page.getByLabel(t('field.username'))).toBeFocused();
});

test('a common password is told at its field', async ({ open, watch, t }) => {
	watch.allow(refused(400));
	const window = await open(null, '/sign-up');
	await window.signUp('marta', 'marta@example.org', 'password1');
	const field = window.page.getByLabel(t('field.password'));
	await expect(field).toHaveAccessibleDescription(/common|común/);
	await expect(field).toBeFocused();
});

test.describe('where registration is closed', () => {
	test.use({ settings: { REGISTRATION: 'closed' } });

	test('it is said, and what to do', { tag: '@main' }, async ({ open, t }) => {
		const window = await open(null, '/sign-up');
		const { page } = window;
		await expect(window.heading(t('auth.closed'))).toBeVisible();
		await expect(page.getByText(t('auth.closed.text'))).toBeVisible();
		await expect(page.getByLabel(t('field.username'))).toHaveCount(0);
		await page.getByRole('link', { name: t('auth.sign_in') }).click();
		await expect(page.getByLabel(t('field.password'))).toBeVisible();
		await expect(page.getByRole('link', { name: t('auth.sign_up') })).toHaveCount(0);
		await expect(page.getByText(t('auth.no_account.closed'))).toBeVisible();
		// Nor does this server send mail.
		await expect(page.getByText(t('forgot.ask'))).toBeVisible();
		await expect(page.getByRole('link', { name: t('forgot.link') })).toHaveCount(0);
	});

	test('who could not be told before is told then', async ({ open, watch, t }) => {
		watch.allow(refused(403), /ERR_FAILED/);
		const window = await open(null, 'about:blank');
		await window.page.route('**/auth/register/', (route) =>
			route.request().method() === 'GET' ? route.abort() : route.continue(),
		);
		await window.page.goto('/sign-up');
		await window.signUp('marta', 'marta@example.org', PASSWORD);
		await expect(window.heading(t('auth.closed'))).toBeFocused();
	});

	test('an invite link lets in who has an account', async ({ open, server, t }) => {
		const chief = await open(null, server.setupLink);
		await chief.signUp('chief', 'chief@example.org', PASSWORD);
		await expect(chief.account).toBeVisible();
		const post = async <T>(path: string, data: object) => {
			const headers = { Origin: server.url };
			return (await (await chief.page.request.post(path, { data, headers })).json()) as T;
		};
		const garden = { name: 'Garden', room_type: 'group' };
		const { id } = await post<{ id: string }>('/api/v1/chat/rooms/', garden);
		const { url } = await post<{ url: string }>(`/api/v1/chat/rooms/${id}/invites/`, {});
		const { page } = await open(null, url);
		await expect(page.getByText(t('invite.sign_in'), { exact: true })).toBeVisible();
		await expect(page.getByRole('link', { name: t('auth.sign_in') })).toBeVisible();
		await expect(page.getByRole('link', { name: t('auth.sign_up') })).toHaveCount(0);
	});
});

test.describe('where registration is by invite', () => {
	test.use({ settings: { REGISTRATION: 'invite' } });

	test(
		'an invite of the server lets in, and none does not',
		{ tag: '@main' },
		async ({ server, open, watch, t }) => {
			watch.allow(refused(403));
			const chief = await open(null, server.setupLink);
			await chief.signUp('chief', 'chief@example.org', PASSWORD);
			await expect(chief.account).toBeVisible();
			const made = await chief.page.request.post('/api/v1/admin/invites/', {
				data: { max_uses: 1 },
				headers: { Origin: server.url },
			});
			const { url } = (await made.json()) as { url: string };

			const uninvited = await open(null, '/sign-up');
			const link = uninvited.page.getByRole('link', { name: t('auth.sign_up') });
			await expect(uninvited.heading(t('auth.invite_required'))).toBeVisible();
			await uninvited.page.getByRole('link', { name: t('auth.sign_in') }).click();
			await expect(uninvited.page.getByText(t('auth.no_account.invite'))).toBeVisible();
			await expect(link).toHaveCount(0);
			await uninvited.page.goto('/sign-in?invite=any');
			await expect(link).toHaveAttribute('href', /sign-up\?invite=any$/);

			const invited = await open(null, url);
			await expect(invited.page.getByText(t('auth.invited'))).toBeVisible();
			await invited.signUp('marta', 'marta@example.org', PASSWORD);
			await expect(invited.account).toBeVisible();

			const late = await open(null, url);
			await late.signUp('late', 'late@example.org', PASSWORD);
			await expect(late.heading(t('auth.invite_required'))).toBeFocused();
		},
	);
});

test('nobody waits to sign in until it is known who may sign up', async ({ open, t }) => {
	const window = await open(null, 'about:blank');
	const { page } = window;
	let release = () => undefined as void;
	const held = new Promise<void>((go) => (release = go));
	await page.route('**/auth/register/', async (route) => {
		await held;
		await route.continue();
	});
	await page.goto('/sign-in');
	const button = window.button('auth.sign_in');
	const link = page.getByRole('link', { name: t('auth.sign_up') });
	await expect(button).toBeVisible();
	await expect(link).toHaveCount(0);
	const before = await button.boundingBox();
	release();
	await expect(link).toBeVisible();
	expect(await button.boundingBox()).toEqual(before);
});

test('where all may sign up, an invite that is no longer good stands in nobody’s way', async ({
	open,
	watch,
	t,
}) => {
	watch.allow(refused(400));
	const window = await open(null, '/sign-up?invite=none');
	await window.signUp('marta', 'marta@example.org', PASSWORD);
	await expect(window.page.getByText(t('auth.invite_bad'))).toBeVisible();
	await window.button('auth.without_invite').click();
	await window.button('auth.sign_up').click();
	await expect(window.account).toBeVisible();
});

test.describe('where attempts are limited', () => {
	test.use({ settings: { RATE_LIMITS: 'on' } });

	test('whoever guesses is told how long to wait', { tag: '@main' }, async ({ open, watch }) => {
		watch.allow(refused(401), refused(429));
		const window = await open();
		const { page } = window;
		await window.signIn('nobody', 'wrong-password');
		const submit = window.button('auth.sign_in');
		await expect(page.getByRole('alert')).toBeVisible();
		const wait = page.getByRole('timer');
		for (let tries = 0; tries < 15 && !(await wait.isVisible()); tries++) {
			await submit.click();
			await expect(submit).toBeEnabled();
		}
		await expect(wait).toHaveText(/\d+ (second|segundo)/);
	});
});
