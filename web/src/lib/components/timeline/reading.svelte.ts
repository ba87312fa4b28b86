import { tick } from 'svelte';
import { ApiError } from '$lib/api/errors';
import type { Message, Room } from '$lib/api/types';
import { t } from '$lib/i18n/i18n.svelte';
import { reuse, toBubbles, type Bubble } from '$lib/state/bubbles';
import type { Chat } from '$lib/state/chat.svelte';
import type { Place } from '$lib/state/jump';
import { systemClock } from '$lib/realtime/clock';
import { unreadAfter } from '$lib/state/read-marks';
import { breath } from '$lib/state/rest';
import { start } from '$lib/state/start';
import type { Position, RoomView } from '$lib/state/room-view.svelte';
import {
	bounded,
	hasHiddenAbove,
	MAX_SHOWN,
	newestWindow,
	roomAround,
	shownIn,
	stepDown,
	stepUp,
	windowFrom,
} from '$lib/state/timeline-window';
import { toasts } from '$lib/state/toasts.svelte';
import type { ScrollKeeper } from './scroll-keeper';

/** So near to an end, in pixels, the next step is fetched. */
const NEAR = 600;
/** Past this many loaded messages, those far from what is read are forgotten. */
const MAX_LOADED = 600;
/** Few messages take less of the height, in pixels: what fills the screen is drawn first. */
const USUAL_HEIGHT = 40;
/** What stands above and below the messages takes at least so much of the screen. */
const AROUND_HEIGHT = 120;
/** So many more are drawn at once while the page starts, after the first. */
const STEP = 3;
/** What came into sight is told this much later. */
const MARK_MS = 150;

/** Somebody who reads a room: what of it is in the page, and where they are in it. */
export class Reading {
	/** `waiting`: nothing to show yet. `early`: what was kept shows, before the server has answered. */
	phase = $state<'waiting' | 'early' | 'placed'>('waiting');
	atEnd = $state(true);
	/** On the way to another part of the room. */
	moving = $state(false);
	olderFailed = $state(false);
	newerFailed = $state(false);
	unreadSeq = $state<number | null>(null);
	keeper: ScrollKeeper | undefined;

	#chat: Chat;
	#view: RoomView;
	#room: () => Room;
	/** Where to begin, if not where they left off or at what is unread. */
	#target: string | null;
	#placing = false;
	#settling = false;
	#moves = 0;
	#before: Bubble[] = [];
	#cancelMark: (() => void) | null = null;
	#wantsNewest = false;
	/** The first frame has been drawn: there is time for what is out of sight. */
	#drawn = false;
	/** How many stand in the page before it is known where to begin: drawn bit by bit while the page starts. */
	#ready = $state(start.over ? screenful() : 0);
	#shown = $state.raw(newestWindow([]));
	/** The newest message that has been in sight, or was there when the end was. */
	#endSeq = $state(0);

	constructor(chat: Chat, view: RoomView, room: () => Room, target: string | null) {
		this.#chat = chat;
		this.#view = view;
		this.#room = room;
		this.#target = target;
		if (target === null && start.over) this.#beginAtEnd();
	}

	readonly #loaded = $derived.by(() => this.#view.timeline.messages);
	readonly #messages = $derived.by(() =>
		this.phase === 'waiting'
			? newestOf(this.#loaded, this.#ready)
			: shownIn(this.#loaded, this.#shown),
	);
	/** The newest message is in the page. */
	readonly #showsNewest = $derived.by(
		() => this.#shown.to === null && !this.#view.timeline.hasNewer,
	);
	readonly bubbles = $derived.by(() => {
		const { me, outbox } = this.#chat;
		const own = this.#showsNewest ? outbox.filter(({ room_id }) => room_id === this.#view.id) : [];
		const { readSeq } = this.#view;
		const now = toBubbles(this.#messages, own, { me, readSeq, unreadSeq: this.unreadSeq });
		return (this.#before = reuse(this.#before, now));
	});
	readonly newBelow = $derived.by(() => {
		if (this.atEnd) return 0;
		const { sync, timeline } = this.#view;
		const counted = unreadAfter(timeline.messages, this.#endSeq, this.#chat.me.id);
		if (!timeline.hasNewer) return counted;
		const known = counted + sync.newBelow(this.#endSeq);
		return Math.max(known, this.#room().unread_count ?? 0);
	});
	readonly atStart = $derived.by(
		() => !this.#view.timeline.hasOlder && !hasHiddenAbove(this.#loaded, this.#shown),
	);
	readonly hasMoreBelow = $derived.by(() => !this.#showsNewest);
	/** How things stand here is known to the server, and the other way round. */
	readonly #fresh = $derived.by(() => this.#view.fresh && this.#chat.rooms.loaded);

	/** Before the page changes: remembers where it stands; and puts it back when the last message has taken its shape. */
	change(): void {
		void this.bubbles;
		void this.#fresh;
		if (this.#settling) return;
		// Somebody may have left the end, with the event of it still on its way.
		if (this.atEnd && !this.moving && this.keeper?.hasLeftEnd) this.atEnd = false;
		if (!this.atEnd) this.keeper?.capture();
		const hadFocus = this.keeper?.hasFocus ?? false;
		this.#settling = true;
		void tick().then(() => {
			this.#settling = false;
			this.#settle();
			this.keeper?.holdFocus(hadFocus);
		});
	}

	/** The list or what surrounds it has taken another shape. */
	reshape(): void {
		if (this.atEnd) this.keeper?.toEnd();
		else this.keeper?.restore();
	}

	/** A scroll event may come after the composer has grown, and before that is observed. */
	moved(): void {
		if (this.atEnd && this.keeper?.reshaped) this.keeper.toEnd();
		this.#scrolled();
		if (!this.atEnd) this.keeper?.capture();
	}

	async toNewest(): Promise<void> {
		const move = this.#begin();
		this.#wantsNewest = true;
		if (this.#view.timeline.hasNewer && !(await this.#move(null, move))) return;
		this.#shown = newestWindow(this.#loaded);
		this.atEnd = true;
		await tick();
		if (move !== this.#moves) return;
		this.#wantsNewest = false;
		this.keeper?.toEnd();
		this.#arrived();
	}

	/** There is a connection again: what was in vain without one is done now. */
	resume(): void {
		this.olderFailed = this.newerFailed = false;
		if (this.#wantsNewest) void this.toNewest();
	}

	/** Who answers has seen what was new. */
	wrote(): Promise<void> {
		this.unreadSeq = null;
		return this.toNewest();
	}

	/** To any message of the room, which is pointed out. */
	async toMessage(message_id: string): Promise<void> {
		const move = this.#begin();
		if (!this.#find(message_id) && !(await this.#move(message_id, move))) return;
		if (!(await this.#show(message_id, move))) return;
		this.keeper?.toArticle(message_id);
		this.#arrived();
	}

	/** Back to where somebody was. */
	async toPlace(place: Place): Promise<void> {
		if (place === 'end') return this.toNewest();
		const move = this.#begin();
		const { message_id } = place;
		if (!this.#find(message_id) && !(await this.#move(message_id, move))) return;
		if (!(await this.#show(message_id, move))) return;
		this.keeper?.toPosition(place);
		this.#arrived();
	}

	get place(): Place {
		return (this.atEnd ? null : this.keeper?.position) ?? 'end';
	}

	async showOlder(): Promise<void> {
		if (!hasHiddenAbove(this.#loaded, this.#shown)) {
			if (!this.#view.timeline.hasOlder || this.#view.loadingOlder) return;
			this.olderFailed = !(await succeeds(this.#view.sync.loadOlder()));
		}
		this.#shown = stepUp(this.#loaded, this.#shown);
	}

	async showNewer(): Promise<void> {
		if (this.#shown.to === null) {
			if (!this.#view.timeline.hasNewer || this.#view.loadingNewer) return;
			this.newerFailed = !(await succeeds(this.#view.sync.loadNewer()));
		} else this.#shown = stepDown(this.#loaded, this.#shown);
	}

	/** What is in sight counts as read, in one go where much moves. */
	markSeen(): void {
		this.#cancelMark ??= systemClock.after(MARK_MS, () => {
			this.#cancelMark = null;
			this.#mark();
		});
	}

	/** What has come into sight is told now: the page is about to change. */
	markNow(): void {
		if (!this.#cancelMark) return;
		this.#cancelMark();
		this.#cancelMark = null;
		this.#mark();
	}

	/** The room has left the screen. */
	leave(): void {
		this.#cancelMark?.();
		this.keeper = undefined;
	}

	/** Where all is there and nothing is unread, the page is made as it stays: not placed first, and drawn anew. */
	#beginAtEnd(): void {
		const { loaded, position } = this.#view;
		if (!loaded || position || !this.#fresh || this.#room().unread_count) return;
		this.#shown = newestWindow(this.#loaded, screenful());
		this.phase = 'placed';
		this.#sawEnd();
		afterDrawing(() => this.#fill());
	}

	#mark(): void {
		if (document.visibilityState !== 'visible' || this.phase !== 'placed') return;
		const id = this.keeper?.newestInSight();
		const message = this.#messages.findLast((one) => one.id === id);
		if (!message) return;
		this.#endSeq = Math.max(this.#endSeq, message.seq);
		this.#chat.markRead(this.#view, message);
	}

	#settle(): void {
		if (this.moving || this.#placing) return;
		if (this.phase !== 'placed') void this.#place();
		// A timeline loaded anew has nothing of what was on screen.
		else if (this.#loaded.length > 0 && this.#messages.length === 0) this.#showAgain();
		else {
			this.reshape();
			this.#scrolled();
		}
	}

	#showAgain(): void {
		const at = this.#view.position;
		if (at && this.#find(at.message_id)) void this.toPlace(at);
		else void this.toNewest();
	}

	/** The first time: to what the address says, where somebody left off, the first unread message, or the end. */
	async #place(): Promise<void> {
		if (!this.#view.loaded) return;
		this.#placing = true;
		const target = this.#target;
		const left = this.#view.position;
		try {
			const move = this.#moves;
			await this.#draw();
			// Somebody has gone elsewhere meanwhile.
			if (move !== this.#moves) return;
			if (target) {
				this.#target = null;
				await this.toMessage(target);
				if (this.phase !== 'placed') await this.toNewest();
			} else if (left) await this.#toLeft(left);
			else if (this.#fresh) await this.#toUnread();
			else await this.#showEnd('early');
		} finally {
			this.#placing = false;
		}
	}

	async #draw(): Promise<void> {
		while (this.#ready < screenful() && this.#ready < this.#loaded.length) {
			this.#ready += this.#ready === 0 ? 1 : STEP;
			await tick();
			await breath();
		}
		start.over = true;
	}

	async #toLeft(left: Position): Promise<void> {
		const unread = this.#room().unread_count ?? 0;
		this.unreadSeq = unread > 0 ? this.#view.firstUnread(unread) : null;
		if (this.unreadSeq !== null) this.#endSeq = this.unreadSeq - 1;
		await this.toPlace(left);
		if (this.phase === 'placed') return;
		this.#view.position = null;
		await this.toNewest();
	}

	async #toUnread(): Promise<void> {
		const unread = this.#room().unread_count ?? 0;
		let seq = unread > 0 ? this.#view.firstUnread(unread) : null;
		const isHeld = () => this.#loaded.some((message) => message.seq === seq);
		if (unread > 0 && !(seq !== null && isHeld())) {
			const move = this.#begin();
			if (await this.#move('first_unread', move)) seq = this.#view.firstUnread(unread);
			if (move !== this.#moves) return;
			this.moving = false;
		}
		this.unreadSeq = seq;
		if (seq === null || !isHeld()) return this.#showEnd('placed');
		this.#shown = windowFrom(this.#loaded, seq);
		await this.#showEnd('placed');
	}

	/** To the end of what is in the page, or up to where the unread ones begin. */
	async #showEnd(phase: 'early' | 'placed'): Promise<void> {
		if (this.unreadSeq === null) {
			this.#shown = newestWindow(this.#loaded, this.#drawn ? undefined : screenful());
		}
		this.phase = phase;
		this.#sawEnd();
		await tick();
		this.keeper?.toEnd();
		this.keeper?.toMark('[data-unread-line]');
		this.atEnd = this.#isAtEnd();
		if (!this.atEnd && this.unreadSeq !== null) this.#endSeq = this.unreadSeq - 1;
		this.keeper?.capture();
		if (phase === 'placed') this.#scrolled();
		afterDrawing(() => this.#fill());
	}

	/** With what is out of sight, now that the rest shows. */
	#fill(): void {
		this.#drawn = true;
		if (this.atEnd && this.unreadSeq === null) this.#shown = newestWindow(this.#loaded);
		this.#scrolled();
	}

	#begin(): number {
		this.moving = true;
		this.#wantsNewest = false;
		return ++this.#moves;
	}

	/** Loads another part of the room. False where it is not there, or something else was wanted meanwhile. */
	async #move(place: string | null, move: number): Promise<boolean> {
		try {
			await this.#view.sync.moveTo(place);
			return move === this.#moves;
		} catch (error) {
			if (move !== this.#moves) return false;
			this.moving = false;
			const gone = error instanceof ApiError && error.status === 400;
			toasts.show(t(gone ? 'timeline.gone' : 'timeline.unreachable'));
			if (!gone) console.warn('not loaded', place, error);
			return false;
		}
	}

	async #show(message_id: string, move: number): Promise<boolean> {
		const message = this.#find(message_id);
		if (!message) {
			this.moving = false;
			return false;
		}
		if (this.phase === 'waiting' || !this.#messages.includes(message)) {
			this.#shown = windowFrom(this.#loaded, message.seq);
		}
		if (this.#endSeq === 0) this.#sawEnd();
		this.atEnd = false;
		this.phase = 'placed';
		await tick();
		return move === this.#moves;
	}

	#arrived(): void {
		this.moving = false;
		this.phase = 'placed';
		this.#drawn = true;
		// A change on its way still knows the place from before.
		this.keeper?.capture();
		this.#scrolled();
	}

	#find(message_id: string) {
		return this.#loaded.find(({ id }) => id === message_id);
	}

	#isAtEnd(): boolean {
		return this.#showsNewest && (this.keeper?.atEnd ?? true);
	}

	#sawEnd(): void {
		this.#endSeq = Math.max(this.#view.revision, this.#loaded.at(-1)?.seq ?? 0);
	}

	#scrolled(): void {
		const { keeper } = this;
		if (!keeper || this.moving || this.phase === 'waiting') return;
		this.atEnd = this.#isAtEnd();
		if (this.phase === 'early') {
			if (this.atEnd) return;
			// Who has begun to read is not taken elsewhere any more.
			this.phase = 'placed';
		}
		if (this.atEnd) this.#sawEnd();
		this.#view.position = this.atEnd ? null : (keeper.position ?? this.#view.position);
		if (this.#drawn && keeper.above < NEAR && !this.olderFailed) void this.showOlder();
		if (this.#drawn && keeper.below < NEAR && !this.newerFailed) void this.showNewer();
		this.#bound(keeper);
		this.markSeen();
	}

	/** However long somebody scrolls, or much comes in: what is far away leaves the page, and then the memory. */
	#bound(keeper: ScrollKeeper): void {
		if (this.#messages.length > MAX_SHOWN) {
			const fromEnd = keeper.below < keeper.above;
			if (this.atEnd) this.#shown = newestWindow(this.#loaded);
			else this.#shown = bounded(this.#loaded, this.#shown, fromEnd);
		}
		if (this.#loaded.length <= MAX_LOADED) return;
		const { before, after } = roomAround(this.#loaded, this.#shown);
		const spare = MAX_SHOWN / 2;
		const { sync } = this.#view;
		if (before > after) sync.trimOlder(this.#loaded.length - Math.max(0, before - spare));
		else sync.trimNewer(this.#loaded.length - Math.max(0, after - spare), this.#endSeq);
	}
}

const newestOf = (messages: readonly Message[], count: number) =>
	messages.slice(Math.max(0, messages.length - count));
/** Of the screen: the window's own height would make the browser lay the page out first. */
const screenful = () => Math.ceil((screen.height - AROUND_HEIGHT) / USUAL_HEIGHT);

/** Behind the next frame. */
function afterDrawing(run: () => void): void {
	requestAnimationFrame(() => setTimeout(run));
}

async function succeeds(loading: Promise<void>): Promise<boolean> {
	try {
		await loading;
		return true;
	} catch (error) {
		console.warn('messages not loaded', error);
		return false;
	}
}
