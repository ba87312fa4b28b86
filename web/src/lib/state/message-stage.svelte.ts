import type { Message, Room } from '$lib/api/types';
import type { Picture } from './pictures';

/** What one does with a message where it stands: in the timeline, or in a thread. */
export interface MessageHandlers {
	onreply: (message: Message) => void;
	onedit: (message: Message) => void;
	ondelete: (message: Message) => void;
	/** To one that is quoted. */
	onjump: (message_id: string) => void;
}

export interface MenuOf extends MessageHandlers {
	room: Room;
	message: Message;
	/** Where the focus goes back to. */
	article: HTMLElement;
	/** Where it was asked for; null for a sheet at the bottom. */
	at: { x: number; y: number } | null;
}

export type StageDialog =
	| { kind: 'reads' | 'history' | 'react' | 'reactors' | 'report'; room: Room; message: Message }
	| { kind: 'pictures'; pictures: readonly Picture[]; index: number };

/** What stands over the messages: one menu or one dialog at a time, for all lists of messages. */
class MessageStage {
	menu = $state.raw<MenuOf | null>(null);
	dialog = $state.raw<StageDialog | null>(null);

	openMenu(menu: MenuOf): void {
		this.menu ??= menu;
	}

	close(): void {
		this.menu = null;
		this.dialog = null;
	}
}

export const stage = new MessageStage();
