import { describe, expect, it } from 'vitest';
import { ApiError } from '$lib/api/errors';
import type { Draft as Stored } from '$lib/api/types';
import type { Hello } from '$lib/realtime/protocol';
import { FakeClock, settled } from '$lib/testing/fake-clock';
import { fakeStorage } from '$lib/testing/fake-storage';
import { ana, luis, message } from '$lib/testing/messages';
import { DraftSync } from './draft-sync';
import { Drafts } from './drafts.svelte';
import { quoteOf } from './quote';

const quote = quoteOf(message(1, { sender: luis }));

/** The drafts as the server keeps them, and the devices of one account. */
class Account {
	clock = new FakeClock();
	stored = new Map<string, Stored>();
	calls: string[] = [];
	failure: Error | null = null;
	/** What happens while the next call is on its way. */
	meanwhile: () => void = () => undefined;
	/** What the list of drafts waits for, and the message that is answered. */
	listing: Promise<void> | null = null;
	quoting: Promise<void> | null = null;
	devices: { online(): boolean; sync: DraftSync }[] = [];

	device(storage = fakeStorage()) {
		const drafts = new Drafts(storage, 'ana', this.clock);
		const act = async (call: string, room: string, draft: Stored | null) => {
			this.calls.push(call);
			const { meanwhile } = this;
			this.meanwhile = () => undefined;
			meanwhile();
			if (this.failure) throw this.failure;
			if (draft) this.stored.set(room, draft);
			else this.stored.delete(room);
			const told = draft ?? { room, content: '', reply_to_id: null, updated_at: null };
			for (const { online, sync } of this.devices)
				if (online()) sync.receive({ type: 'draft', data: told });
			return told;
		};
		const sync = new DraftSync({
			drafts,
			clock: this.clock,
			api: {
				list: async () => {
					await this.listing;
					return [...this.stored.values()];
				},
				put: (room, content, reply_to_id) =>
					act(`put ${content}`, room, {
						room,
						content: content.trim(),
						reply_to_id,
						updated_at: new Date(this.clock.now()).toISOString(),
					}),
				remove: (room) => act('delete', room, null),
			},
			quote: async () => {
				await this.quoting;
				return quote;
			},
		});
		let connected = false;
		const device = {
			drafts,
			sync,
			storage,
			online: () => connected,
			text: () => drafts.of('room').text,
			write: (text: string) => drafts.set('room', { text, reply_to: null }),
			connect: async () => {
				connected = true;
				const data: Hello = {
					user: ana,
					server_time: new Date(this.clock.now()).toISOString(),
					heartbeat_s: 30,
					rooms: [],
				};
				sync.receive({ type: 'hello', data });
				await settled();
			},
			disconnect: () => {
				connected = false;
				sync.disconnected();
			},
		};
		this.devices.push(device);
		return device;
	}

	async pass(ms: number): Promise<void> {
		this.clock.advance(ms);
		await settled();
	}
}

async function two() {
	const account = new Account();
	const [phone, desk] = [account.device(), account.device()];
	await phone.connect();
	await desk.connect();
	await account.pass(10_000);
	return { account, phone, desk };
}

describe('two devices', () => {
	it('see what the other writes, once it pauses', async () => {
		const { account, phone, desk } = await two();
		phone.write('To');
		await account.pass(500);
		phone.write('To the');
		await account.pass(900);
		expect(account.calls).toEqual([]);
		await account.pass(100);
		expect(account.calls).toEqual(['put To the']);
		expect(desk.text()).toBe('To the');
	});

	it('are told at once what is left behind, and what was sent', async () => {
		const { account, phone, desk } = await two();
		phone.write('To the');
		phone.sync.flush('room');
		await settled();
		expect(desk.text()).toBe('To the');
		desk.drafts.remove('room');
		await account.pass(0);
		expect([phone.text(), desk.text(), account.stored.size]).toEqual(['', '', 0]);
		expect(Object.keys(desk.storage)).toEqual([]);
	});

	it('lose no words where both write at once', async () => {
		const { account, phone, desk } = await two();
		desk.write('Mine');
		phone.write('Other');
		phone.sync.flush('room');
		await settled();
		expect(desk.text()).toBe('Other\n\nMine');
		desk.write('Other\n\nMine, and more');
		await account.pass(1_000);
		expect(phone.text()).toBe('Other\n\nMine, and more');
		expect(desk.text()).toBe(phone.text());
	});

	it('do not take their own words for another’s, which come back late', async () => {
		const { account, phone } = await two();
		phone.write('Hello wrold');
		phone.sync.flush('room');
		await settled();
		const late = account.stored.get('room');
		phone.write('Hello world');
		if (late) phone.sync.receive({ type: 'draft', data: late });
		account.meanwhile = () => late && phone.sync.receive({ type: 'draft', data: late });
		await account.pass(1_000);
		expect(phone.text()).toBe('Hello world');
	});

	it('keep the space after a word, which the server does not', async () => {
		const { account, phone } = await two();
		phone.write('To ');
		await account.pass(1_000);
		expect(phone.text()).toBe('To ');
	});

	it('are not told what was written before that', async () => {
		const { account, phone } = await two();
		const updated_at = new Date(account.clock.now()).toISOString();
		phone.write('To');
		phone.sync.flush('room');
		await account.pass(10);
		phone.write('To the');
		phone.sync.flush('room');
		await settled();
		// By another way than the answers, and later.
		const data = { room: 'room', content: 'To', reply_to_id: null, updated_at };
		phone.sync.receive({ type: 'draft', data });
		expect(phone.text()).toBe('To the');
	});

	it('share what is answered', async () => {
		const { account, phone, desk } = await two();
		phone.drafts.set('room', { text: '', reply_to: quote });
		await account.pass(1_000);
		expect(desk.drafts.of('room').reply_to).toEqual(quote);
	});
});

describe('two tabs of a browser', () => {
	it('do not bring back what one of them sends while the other tells the server of it', async () => {
		const account = new Account();
		const storage = fakeStorage();
		const first = account.device(storage);
		const second = account.device(storage);
		await second.connect();
		second.write('Hello');
		const key = Object.keys(storage)[0] ?? '';
		first.drafts.stored(key, storage.getItem(key));
		account.meanwhile = () => second.drafts.remove('room');
		// It greets the server while the other one's words wait for a pause.
		await first.connect();
		account.clock.advance(2_000);
		await settled();
		expect(account.stored.size).toBe(0);
		expect([first.text(), second.text()]).toEqual(['', '']);
	});

	it('take what the other has just written for what holds', () => {
		const account = new Account();
		const storage = fakeStorage();
		const first = account.device(storage);
		const second = account.device(storage);
		second.write('Hello');
		first.drafts.remove('room');
		expect(Object.keys(storage)).toEqual([]);
	});

	it('keep what cannot be stored', () => {
		const storage = fakeStorage();
		storage.setItem = () => {
			throw new Error('full');
		};
		const tab = new Account().device(storage);
		tab.write('Hel');
		tab.write('Hello');
		expect(tab.text()).toBe('Hello');
	});
});

describe('without a connection', () => {
	it('keeps what is written, and tells it later', async () => {
		const { account, phone, desk } = await two();
		phone.disconnect();
		phone.write('Offline');
		await account.pass(5_000);
		expect(account.calls).toEqual([]);
		await phone.connect();
		expect(desk.text()).toBe('Offline');
	});

	it('loses no words of what was written elsewhere meanwhile', async () => {
		const { account, phone, desk } = await two();
		phone.disconnect();
		phone.write('Here');
		await account.pass(5_000);
		desk.write('There');
		await account.pass(5_000);
		await phone.connect();
		expect([phone.text(), desk.text()]).toEqual(['There\n\nHere', 'There\n\nHere']);

		phone.disconnect();
		phone.drafts.remove('room');
		desk.write('There again');
		await account.pass(5_000);
		await phone.connect();
		expect([phone.text(), desk.text()]).toEqual(['There again', 'There again']);
	});

	it('knows its own words again, which came late', async () => {
		const { account, phone, desk } = await two();
		phone.write('Sent');
		phone.sync.flush('room');
		phone.disconnect();
		phone.drafts.remove('room');
		// The server has taken it only now, and the page that asked is gone.
		account.clock.advance(500);
		const late = new Date(account.clock.now()).toISOString();
		const draft = { room: 'room', content: 'Sent', reply_to_id: null, updated_at: late };
		account.stored.set('room', draft);
		const again = account.device(phone.storage);
		await again.connect();
		await account.pass(1_000);
		expect([again.text(), desk.text(), account.stored.size]).toEqual(['', '', 0]);
	});

	it('forgets what was sent elsewhere meanwhile', async () => {
		const { account, phone, desk } = await two();
		phone.write('Sent');
		await account.pass(1_000);
		phone.disconnect();
		desk.drafts.remove('room');
		await account.pass(0);
		await phone.connect();
		expect(phone.text()).toBe('');
	});

	it('remembers over a reload that it has sent one', async () => {
		const { account, phone, desk } = await two();
		phone.write('Sent');
		await account.pass(1_000);
		phone.disconnect();
		phone.drafts.remove('room');
		const again = account.device(phone.storage);
		await again.connect();
		expect([again.text(), desk.text()]).toEqual(['', '']);
	});
});

describe('a refusal', () => {
	it('for a while is asked again', async () => {
		const { account, phone } = await two();
		account.failure = new ApiError(503, {});
		phone.write('To the');
		await account.pass(1_000);
		account.failure = null;
		await account.pass(5_000);
		expect(account.stored.get('room')?.content).toBe('To the');
	});

	it('for good leaves it on this device', async () => {
		const { account, phone } = await two();
		account.failure = new ApiError(403, {});
		phone.write('To the');
		await account.pass(60_000);
		expect(account.calls).toHaveLength(1);
		expect(phone.text()).toBe('To the');
	});

	it('is not even asked for where the text is too long', async () => {
		const { account, phone } = await two();
		phone.write('x'.repeat(10_001));
		await account.pass(60_000);
		expect(account.calls).toEqual([]);
	});
});

describe('who has signed out', () => {
	for (const [what, kept, reply_to_id] of [
		['the list', 'listing', null],
		['the message that is answered', 'quoting', quote.id],
	] as const) {
		it(`has nothing written of ${what} that comes later`, async () => {
			const account = new Account();
			const device = account.device();
			const updated_at = new Date(account.clock.now() + 1).toISOString();
			account.stored.set('room', { room: 'room', content: 'secret', reply_to_id, updated_at });
			let come: () => void = () => undefined;
			account[kept] = new Promise((go) => (come = go));
			await device.connect();
			device.sync.stop();
			come();
			await settled();
			expect(Object.keys(device.storage)).toEqual([]);
		});
	}
});
