import { expect, type Locator, type Page } from '@playwright/test';
import type { Words } from './words.ts';

export type MessageAction =
	'reply' | 'edit' | 'delete' | 'copy' | 'copy_link' | 'pin' | 'unpin' | 'reads' | 'history';

/** One window on Charla, in the words of its language. */
export class Window {
	readonly page: Page;
	readonly t: Words;
	/** A phone: touch instead of a mouse, and one column at a time. */
	readonly touch: boolean;

	constructor(page: Page, t: Words, touch: boolean) {
		this.page = page;
		this.t = t;
		this.touch = touch;
	}

	async signIn(username: string, password: string): Promise<void> {
		await this.page.getByLabel(this.t('field.username')).fill(username);
		await this.page.getByLabel(this.t('field.password')).fill(password);
		await this.button('auth.sign_in').click();
	}

	async signUp(username: string, email: string, password: string): Promise<void> {
		// The page for signing in has a field of the same name.
		await expect(this.button('auth.sign_up')).toBeVisible();
		await this.page.getByLabel(this.t('field.username')).fill(username);
		await this.page.getByLabel(this.t('field.email')).fill(email);
		await this.page.getByLabel(this.t('field.password')).fill(password);
		await this.button('auth.sign_up').click();
	}

	/** A button by the key of its name. */
	button(key: Parameters<Words>[0], within: Page | Locator = this.page): Locator {
		return within.getByRole('button', { name: this.t(key), exact: true });
	}

	/** The menu of the account, which is there for who is signed in. */
	get account(): Locator {
		return this.button('account.menu');
	}

	/** Opens a menu, and takes one of its items. */
	async choose(menu: Locator, item: Parameters<Words>[0]): Promise<void> {
		await menu.click();
		await this.page.getByRole('menuitem', { name: this.t(item), exact: true }).click();
	}

	async signOut(): Promise<void> {
		await this.choose(this.account, 'auth.sign_out');
	}

	get rooms(): Locator {
		return this.page.getByRole('navigation', { name: this.t('rooms.title') });
	}

	roomLine(name: string): Locator {
		const title = this.page.locator('.name', { hasText: name });
		return this.rooms.getByRole('link').filter({ has: title });
	}

	unreadOf(name: string): Locator {
		return this.roomLine(name).locator('[data-unread]');
	}

	/** Where the list of rooms shows: a phone goes back from a room first. */
	async toRooms(): Promise<void> {
		if (this.touch) await this.page.getByRole('link', { name: this.t('room.back') }).click();
	}

	async openRoom(name: string): Promise<void> {
		await this.roomLine(name).click();
		await expect(this.heading(name)).toBeVisible();
	}

	heading(name: string): Locator {
		return this.page.getByRole('heading', { level: 1, name });
	}

	get dialog(): Locator {
		return this.page.getByRole('dialog');
	}

	/** What stands beside the room: its details, its members, a thread… */
	get panel(): Locator {
		return this.page.getByRole('complementary');
	}

	/** Opens one of the panels beside the room, from its details. */
	async openPanel(key: Parameters<Words>[0]): Promise<void> {
		await this.button('room.details').click();
		await this.panel.getByRole('button', { name: this.t(key) }).click();
		await expect(this.panel.getByRole('heading', { level: 2 })).not.toHaveText(
			this.t('room.details'),
		);
	}

	/** The members in the panel beside the room. */
	get members(): Locator {
		return this.panel.locator('li[data-user-id]');
	}

	/** Opens the options of a room in the list: by the right button, or by a long press. */
	async roomMenu(name: string): Promise<Locator> {
		const line = this.roomLine(name);
		if (this.touch) await this.longPress(line);
		else await line.click({ button: 'right' });
		const menu = this.page.getByRole('menu', { name });
		await expect(menu).toBeVisible();
		return menu;
	}

	async longPress(target: Locator): Promise<void> {
		const box = await target.boundingBox();
		if (!box) throw new Error(`${target} is not in sight`);
		const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
		const client = await this.page.context().newCDPSession(this.page);
		await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
		await expect(this.page.getByRole('menu')).toBeVisible();
		await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
		await client.detach();
	}

	get timeline(): Locator {
		return this.page.getByRole('log', { name: this.t('timeline.label') });
	}

	/** A message by its text, or a part of it; a quote of it in another message does not count. */
	message(text: string): Locator {
		return this.timeline.getByRole('article', { name: `: ${text}` });
	}

	/** The texts on the page, in order. */
	texts(): Promise<string[]> {
		return this.timeline
			.locator('article[aria-label]')
			.evaluateAll((all) =>
				all.map((one) => one.getAttribute('aria-label')?.replace(/^.*?: /, '') ?? ''),
			);
	}

	get composer(): Locator {
		return this.page.getByRole('textbox', { name: this.t('message.label'), exact: true });
	}

	async send(text: string): Promise<void> {
		await this.composer.fill(text);
		await this.button('message.send').click();
		await expect(this.composer).toHaveValue('');
	}

	/** Shows a message's buttons: it is pointed at, or tapped. */
	async point(message: Locator): Promise<void> {
		if (!this.touch) return message.hover();
		// Not in its middle: there may be a quote, which leads elsewhere. Nor near the button before the time.
		const time = message.locator('time').last();
		const { width, height } = (await time.boundingBox()) ?? { width: 0, height: 0 };
		await time.tap({ position: { x: width - 1, y: height / 2 } });
	}

	/** What can be done with a message, once `menu` has opened it. */
	get actions(): Locator {
		return this.page.getByRole('dialog', { name: this.t('message.actions') });
	}

	async menu(message: Locator): Promise<Locator> {
		await this.point(message);
		await this.button('message.more', message).click();
		await expect(this.actions).toBeVisible();
		return this.actions;
	}

	/** Does something with a message by its menu. */
	async act(message: Locator, action: MessageAction): Promise<void> {
		await this.button(`message.${action}`, await this.menu(message)).click();
	}

	get offlineNote(): Locator {
		return this.page.getByText(this.t('connection.offline'));
	}
}
