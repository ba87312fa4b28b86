import { sectionKinds, type SectionKind } from './room-sections';

/** What may lie over the whole window. */
export type Overlay = 'switcher' | 'shortcuts' | 'new-chat' | 'new-group' | 'sign-out';

export const SIDEBAR_WIDTH = { least: 248, normal: 328, most: 520 };
const MAX_RECENT = 30;
const PREFIX = 'charla.shell.';

interface Stored {
	collapsed: SectionKind[];
	width: number;
	recent: string[];
}

/** How somebody has arranged the window on this device. */
export class ShellState {
	collapsed = $state.raw<readonly SectionKind[]>([]);
	/** Of the sidebar, in pixels. */
	width = $state(SIDEBAR_WIDTH.normal);
	/** The rooms that were looked at, the last one first. */
	recent = $state.raw<readonly string[]>([]);
	overlay = $state<Overlay | null>(null);
	/** Whether a search beside a room looks into all rooms. */
	everywhere = $state(false);

	#storage: Storage;
	#key: string;

	constructor(storage: Storage, user_id: string) {
		this.#storage = storage;
		this.#key = PREFIX + user_id;
		const stored = parse(storage.getItem(this.#key));
		this.collapsed = sectionKinds.filter((kind) => stored.collapsed?.includes(kind));
		this.recent = stored.recent ?? [];
		this.width = within(stored.width ?? SIDEBAR_WIDTH.normal);
	}

	toggle(kind: SectionKind): void {
		const closed = this.collapsed.includes(kind);
		this.collapsed = closed
			? this.collapsed.filter((other) => other !== kind)
			: [...this.collapsed, kind];
		this.#store();
	}

	/** Follows the pointer; only `keepWidth` remembers. */
	resize(width: number): void {
		this.width = within(width);
	}

	keepWidth(): void {
		this.#store();
	}

	visited(room_id: string): void {
		if (this.recent[0] === room_id) return;
		const others = this.recent.filter((id) => id !== room_id);
		this.recent = [room_id, ...others].slice(0, MAX_RECENT);
		this.#store();
	}

	#store(): void {
		const stored: Stored = {
			collapsed: [...this.collapsed],
			width: this.width,
			recent: [...this.recent],
		};
		try {
			this.#storage.setItem(this.#key, JSON.stringify(stored));
		} catch (error) {
			console.warn('arrangement not stored', error);
		}
	}
}

function within(width: number): number {
	return Math.round(Math.min(SIDEBAR_WIDTH.most, Math.max(SIDEBAR_WIDTH.least, width)));
}

function parse(text: string | null): Partial<Stored> {
	try {
		const value = JSON.parse(text ?? 'null') as Partial<Stored> | null;
		return value && typeof value === 'object' ? value : {};
	} catch {
		return {};
	}
}
