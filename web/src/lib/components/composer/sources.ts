import { listMembers } from '$lib/api/rooms';
import type { Room, Sender } from '$lib/api/types';
import { i18n, t } from '$lib/i18n/i18n.svelte';
import { emojiTone } from '$lib/state/emoji-habits';
import { loadEmoji } from '$lib/state/emoji';
import type { Sources } from './completing.svelte';

/** What a composer of a room has to suggest. */
export function sourcesOf(room: () => Room): Sources {
	let members: { count: number; list: Promise<readonly Sender[]> } | null = null;

	/** The room itself names its first members; of a larger one they are asked for once. */
	function people(): Promise<readonly Sender[]> {
		const { id, participants, participant_count: count } = room();
		if (participants.length >= count) return Promise.resolve(participants);
		if (members?.count !== count) {
			const list = listMembers(id).then((found) => found.map(({ user }) => user));
			members = { count, list };
			list.catch(() => (members = null));
		}
		return members.list;
	}

	return {
		people,
		everybody() {
			const { room_type, my_role } = room();
			const may = room_type === 'group' && (my_role === 'owner' || my_role === 'admin');
			return may ? t('composer.everybody') : null;
		},
		emoji: () => loadEmoji(i18n.language),
		tone: () => emojiTone(localStorage),
	};
}
