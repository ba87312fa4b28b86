import { PASSWORD } from '../support/account.ts';
import { PICTURE } from '../support/picture.ts';
import { expect, test } from '../support/test.ts';
import { refused } from '../support/watch.ts';

test(
	'the profile is edited, and all see it',
	{ tag: '@main' },
	async ({ open, person, watch, t }) => {
		watch.allow(refused(400));
		const ana = await person('Ana Ruiz');
		const ben = await person('Ben Okoye');
		await ana.directChat(ben);
		const his = await open(ben);
		const window = await open(ana);
		const { page } = window;
		await window.choose(window.account, 'account.settings');
		if (window.touch) await page.getByRole('link', { name: t('settings.profile') }).click();
		await expect(window.heading(t('settings.profile'))).toBeVisible();
		await page.getByLabel(t('profile.display_name')).fill('Ana R.');
		await page.getByLabel(t('profile.bio')).fill('Grows roses.');
		await page.getByLabel(t('profile.phone')).fill('12');
		await window.button('settings.save').click();
		const phone = page.getByLabel(t('profile.phone'));
		await expect(phone).toBeFocused();
		await expect(phone).toHaveAccessibleDescription(/\+34600123456/);
		await phone.fill('+34 600 123 456');
		await window.button('settings.save').click();
		await expect(page.getByText(t('settings.saved'))).toBeVisible();
		await expect(phone).toHaveValue('+34600123456');
		await expect(window.button('settings.save')).toBeDisabled();
		await expect(his.roomLine('Ana R.')).toBeVisible();
		await page.reload();
		await expect(page.getByLabel(t('profile.bio'))).toHaveValue('Grows roses.');
	},
);

test('what is typed is not left behind without a question', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const window = await open(ana, '/settings');
	const { page, dialog } = window;
	const to = (section: 'profile' | 'account') =>
		page.getByRole('link', { name: t(`settings.${section}`), exact: true }).click();
	const away = async () => {
		if (window.touch) await page.getByRole('link', { name: t('settings.back') }).click();
		else await to('account');
	};
	await to('profile');
	const bio = page.getByLabel(t('profile.bio'));
	await bio.fill('Tulips');
	await away();
	await window.button('action.cancel', dialog).click();
	await expect(bio).toHaveValue('Tulips');
	const asked = page.waitForEvent('dialog');
	const closing = page.close({ runBeforeUnload: true });
	const question = await asked;
	expect(question.type()).toBe('beforeunload');
	await question.dismiss();
	await closing;
	await expect(bio).toHaveValue('Tulips');
	await away();
	await window.button('settings.unsaved.leave', dialog).click();
	await expect(bio).toHaveCount(0);
	await expect(dialog).toHaveCount(0);
});

test('a server without mail is told apart', async ({ open, person, watch, t }) => {
	watch.allow(refused(409));
	const ana = await person('Ana Ruiz');
	const window = await open(ana, '/settings/account');
	const { page } = window;
	const button = window.button('account.email.send');
	await expect(page.getByText(t('account.email.unverified'))).toBeVisible();
	await button.click();
	await expect(button).toHaveCount(0);
	await expect(page.getByText(t('account.email.unverified'))).toHaveCount(0);
	await expect(page.locator('main').getByText(/sends no mail|no envía correo/)).toBeVisible();
});

test('a picture is cut to a square by keyboard, kept and removed', async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const window = await open(ana, '/settings/profile');
	const { page, dialog } = window;
	const main = page.getByRole('main');
	await main
		.getByLabel(t('profile.picture.choose'))
		.setInputFiles({ name: 'two.png', mimeType: 'image/png', buffer: PICTURE });
	const area = dialog.getByRole('application', { name: t('profile.crop.area') });
	await area.focus();
	// The left of the picture is red, its right blue: the square goes to its left end.
	for (let step = 0; step < 12; step++) await page.keyboard.press('ArrowLeft');
	await page.keyboard.press('+');
	await expect(dialog.getByLabel(t('profile.crop.zoom'))).not.toHaveValue('1');
	const pixel = await area
		.locator('canvas')
		.evaluate((canvas: HTMLCanvasElement) => [
			...(canvas.getContext('2d')?.getImageData(256, 256, 1, 1).data ?? []),
		]);
	expect(pixel[0]).toBeGreaterThan(200);
	expect(pixel[2]).toBeLessThan(60);
	await window.button('profile.crop.use', dialog).click();
	await expect(dialog).toHaveCount(0);
	await expect(page.getByText(t('profile.picture.saved'))).toBeVisible();
	await expect(main.locator('.avatar img')).toBeVisible();
	const { avatar_url } = await ana.call<{ avatar_url: string }>('GET', '/api/v1/users/me/');
	expect(avatar_url).toBeTruthy();
	await window.button('profile.picture.remove').click();
	await expect(main.locator('.avatar img')).toHaveCount(0);
	await expect(main.getByLabel(t('profile.picture.choose'))).toBeFocused();
});

test(
	'what is no picture is told, and dragging moves',
	{ tag: '@desktop' },
	async ({ open, person, t }) => {
		const window = await open(await person('Ana Ruiz'), '/settings/profile');
		const { page, dialog } = window;
		const input = page.getByLabel(t('profile.picture.choose'));
		await input.setInputFiles({
			name: 'no.png',
			mimeType: 'image/png',
			buffer: Buffer.from('no picture'),
		});
		await expect(page.getByText(t('profile.picture.unreadable'))).toBeVisible();
		await input.setInputFiles({ name: 'two.png', mimeType: 'image/png', buffer: PICTURE });
		const area = dialog.getByRole('application');
		const red = () =>
			area
				.locator('canvas')
				.evaluate(
					(canvas: HTMLCanvasElement) =>
						canvas.getContext('2d')?.getImageData(480, 256, 1, 1).data[0] ?? 0,
				);
		await expect.poll(red).toBeLessThan(100);
		const box = await area.boundingBox();
		if (!box) throw new Error('no area');
		await page.mouse.move(box.x + 20, box.y + 20);
		await page.mouse.down();
		await page.mouse.move(box.x + box.width - 10, box.y + 20, { steps: 4 });
		await page.mouse.up();
		await expect.poll(red).toBeGreaterThan(200);
		await area.hover();
		await page.mouse.wheel(0, -300);
		await expect(dialog.getByLabel(t('profile.crop.zoom'))).not.toHaveValue('1');
		await page.keyboard.press('Escape');
		await expect(dialog).toHaveCount(0);
	},
);

test('the address, the language and the password are changed', async ({
	open,
	person,
	watch,
	t,
	locale,
}) => {
	watch.allow(refused(400), refused(409));
	const ana = await person('Ana Ruiz');
	await person('Ben Okoye');
	const window = await open(ana, '/settings/account');
	const { page } = window;
	const email = page.getByRole('textbox', { name: t('field.email') });
	await email.fill('benokoye@example.org');
	await window.button('account.email.save').click();
	await expect(email).toHaveAccessibleDescription(/taken|en uso/);
	await email.fill('ana@example.org');
	await window.button('account.email.save').click();
	await expect(
		page.getByText(t('account.email.changed', { email: 'ana@example.org' })),
	).toBeVisible();

	await page.getByLabel(t('account.password.old')).fill('not-my-password');
	await page.getByLabel(t('account.password.new')).fill('Green-Ladder-52-Meadow');
	await window.button('account.password.save').click();
	await expect(page.getByLabel(t('account.password.old'))).toBeFocused();
	await page.getByLabel(t('account.password.old')).fill(PASSWORD);
	await window.button('account.password.save').click();
	await expect(page.getByText(t('account.password.changed'))).toBeVisible();
	await expect(page.getByLabel(t('account.password.new'))).toHaveValue('');

	const me = '**/api/v1/users/me/';
	await page.route(me, (route) => route.fulfill({ status: 409, json: { detail: 'Not now' } }));
	const english = { lang: 'en', name: 'English', title: 'Account' };
	const spanish = { lang: 'es', name: 'Español', title: 'Cuenta' };
	const [before, after] = locale?.startsWith('es') ? [spanish, english] : [english, spanish];
	await page.getByRole('radio', { name: after.name }).click();
	await expect(page.getByRole('alert')).toHaveText('Not now');
	await expect(page.getByRole('radio', { name: before.name })).toBeChecked();
	await expect(page.locator('html')).toHaveAttribute('lang', before.lang);
	await page.unroute(me);
	await page.getByRole('radio', { name: after.name }).check();
	await expect(page.getByRole('heading', { level: 1, name: after.title })).toBeVisible();
	await expect(page.locator('html')).toHaveAttribute('lang', after.lang);
	await expect
		.poll(async () => (await ana.call<{ language: string }>('GET', '/api/v1/users/me/')).language)
		.toBe(after.lang);
});

test('the data comes as an archive', { tag: '@main' }, async ({ open, person, t }) => {
	const window = await open(await person('Ana Ruiz'), '/settings/account');
	const download = window.page.waitForEvent('download');
	let answer: () => void = () => undefined;
	const held = new Promise<void>((go) => (answer = go));
	await window.page.route('**/api/v1/users/me/export/', async (route) => {
		await held;
		await route.continue();
	});
	await window.button('account.export.start').press('Enter');
	// Where one button takes the place of another, it takes the focus, too.
	await expect(window.button('action.cancel')).toBeFocused();
	answer();
	expect((await download).suggestedFilename()).toBe('charla.zip');
	await expect(window.page.getByText(t('account.export.done'))).toBeVisible();
	await expect(window.button('account.export.start')).toBeFocused();
});

test(
	'the account is deleted with its password, after plain words',
	{ tag: '@main' },
	async ({ open, person, watch, t }) => {
		watch.allow(refused(400), refused(401), /WebSocket connection to/);
		const window = await open(await person('Ana Ruiz'), '/settings/account');
		const { page, dialog } = window;
		await window.button('account.delete.open').click();
		await expect(dialog).toContainText(t('account.delete.stays'));
		const password = dialog.getByLabel(t('account.delete.password'));
		await password.fill('wrong-password');
		await window.button('account.delete.do', dialog).click();
		await expect(password).toHaveAttribute('aria-invalid', 'true');
		await expect(password).toBeFocused();
		await password.fill(PASSWORD);
		await window.button('account.delete.do', dialog).click();
		await expect(page).toHaveURL(/\/sign-in/);
		await expect(page.getByText(t('auth.deleted'))).toBeVisible();
		await window.signIn('anaruiz', PASSWORD);
		await expect(page.getByRole('alert')).toBeVisible();
	},
);

test('privacy is changed by a touch, and kept', { tag: '@main' }, async ({ open, person, t }) => {
	const ana = await person('Ana Ruiz');
	const window = await open(ana, '/settings/privacy');
	const { page } = window;
	await page.getByRole('radio', { name: t('privacy.messages.friends') }).check();
	await expect(page.getByText(t('settings.saved'))).toBeVisible();
	await page.getByRole('switch', { name: t('privacy.seen') }).uncheck();
	await page.getByRole('switch', { name: t('privacy.receipts') }).uncheck();
	await expect
		.poll(async () => (await ana.call<{ settings: unknown }>('GET', '/api/v1/users/me/')).settings)
		.toEqual({ direct_messages: 'friends', show_last_seen: false, send_read_receipts: false });
	await page.reload();
	await expect(page.getByRole('radio', { name: t('privacy.messages.friends') })).toBeChecked();
	await expect(page.getByRole('switch', { name: t('privacy.seen') })).not.toBeChecked();
});

test.describe('where the server allows friends only', () => {
	test.use({ settings: { DIRECT_MESSAGES: 'friends' } });

	test('what is refused goes back, with the reason at its place', async ({
		open,
		person,
		watch,
		t,
	}) => {
		watch.allow(refused(400));
		const window = await open(await person('Ana Ruiz'), '/settings/privacy');
		const { page } = window;
		await expect(page.getByRole('radio', { name: t('privacy.messages.friends') })).toBeChecked();
		const everyone = page.getByRole('radio', { name: t('privacy.messages.everyone') });
		const friends = page.getByRole('radio', { name: t('privacy.messages.friends') });
		// The second time, what was said about the first one goes meanwhile.
		for (const _ of [1, 2]) {
			await everyone.click();
			await expect(page.getByRole('alert')).toBeVisible();
			await expect(friends).toBeChecked();
			await expect(everyone).toBeFocused();
		}
	});
});

test('theme and density hold before the first paint', async ({ open, person, watch, t }) => {
	watch.allow(/ERR_FAILED/, /Failed to fetch dynamically imported module/);
	const window = await open(await person('Ana Ruiz'), '/settings/appearance');
	const { page } = window;
	const html = page.locator('html');
	await page.getByRole('radio', { name: t('appearance.theme.dark') }).check();
	await expect(html).toHaveAttribute('data-theme', 'dark');
	await page.getByRole('radio', { name: t('appearance.density.compact') }).check();
	await expect(html).toHaveAttribute('data-density', 'compact');
	// Without the client's own script, what is set comes from before the first paint.
	await page.route('**/_app/**', (route) =>
		route.request().resourceType() === 'script' ? route.abort() : route.continue(),
	);
	await page.reload({ waitUntil: 'domcontentloaded' }).catch(() => undefined);
	await expect(html).toHaveAttribute('data-density', 'compact');
	await expect(html).toHaveAttribute('data-theme', 'dark');
	await page.unrouteAll();
	await page.reload();
	await expect(page.getByRole('radio', { name: t('appearance.density.compact') })).toBeChecked();
	await page.getByRole('radio', { name: t('appearance.density.comfortable') }).check();
	await expect(html).toHaveAttribute('data-density', 'comfortable');
});

test(
	'the account’s menu: own profile, theme, settings by keyboard',
	{ tag: '@desktop' },
	async ({ open, person, t }) => {
		const window = await open(await person('Ana Ruiz'));
		const { page } = window;
		await window.account.focus();
		await page.keyboard.press('Enter');
		await expect(page.getByRole('menuitem', { name: t('account.own_profile') })).toBeFocused();
		const dark = page.getByRole('menuitemcheckbox', {
			name: t('account.theme_of', { name: t('account.theme.dark') }),
		});
		await dark.focus();
		await page.keyboard.press('Enter');
		await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
		await window.choose(window.account, 'account.own_profile');
		await expect(window.dialog).toContainText('@anaruiz');
		await window.dialog.getByRole('link', { name: t('person.edit') }).click();
		await expect(window.heading(t('settings.profile'))).toBeVisible();
		await expect(window.dialog).toHaveCount(0);
	},
);
