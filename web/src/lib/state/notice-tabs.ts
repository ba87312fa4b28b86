/** The part of the Web Locks that is used here. */
export type TabLocks = Pick<LockManager, 'request' | 'query'>;

/**
 * What the tabs of a browser settle about notices: which one of them tells, and whether one of them shows the room anyway.
 * Both are locks, which a tab that dies lets go by itself.
 */
export class NoticeTabs {
	/** Whether this tab is the one that tells. Where there are no locks, each is. */
	leads = false;

	#locks: TabLocks | null;
	#user_id: string;
	#room: string | null = null;
	#leave: () => void = () => undefined;

	constructor(locks: TabLocks | null, user_id: string) {
		this.#locks = locks;
		this.#user_id = user_id;
	}

	/** Leads, or waits until the tab that does is gone; the function given back ends it. */
	start(): () => void {
		let stopped = false;
		let end: () => void = () => undefined;
		const ended = new Promise<void>((go) => (end = go));
		if (this.#locks) {
			this.#hold(`charla.notices.${this.#user_id}`, 'exclusive', () => {
				this.leads = !stopped;
				return ended;
			});
		} else this.leads = true;
		return () => {
			stopped = true;
			this.leads = false;
			this.look(null);
			end();
		};
	}

	/** This tab shows a room, in sight of somebody; null: none. */
	look(room_id: string | null): void {
		if (room_id === this.#room) return;
		this.#room = room_id;
		this.#leave();
		this.#leave = () => undefined;
		if (!room_id) return;
		const left = new Promise<void>((go) => (this.#leave = go));
		this.#hold(this.#lookingAt(room_id), 'shared', () => left);
	}

	/** Whether any tab shows a room. */
	async isLookedAt(room_id: string): Promise<boolean> {
		if (room_id === this.#room) return true;
		const held = (await this.#locks?.query())?.held ?? [];
		return held.some(({ name }) => name === this.#lookingAt(room_id));
	}

	#lookingAt(room_id: string): string {
		return `charla.looks.${this.#user_id}.${room_id}`;
	}

	#hold(name: string, mode: LockMode, task: () => Promise<void>): void {
		this.#locks
			?.request(name, { mode }, task)
			.catch((error: unknown) => console.warn('lock not held', error));
	}
}
