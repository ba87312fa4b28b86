import type { Room } from '$lib/api/types';
import { personName } from '$lib/state/names';
import type { Chip } from '$lib/state/reactions.svelte';
import { i18n, t } from './i18n.svelte';

/** Names beyond these are only counted. */
const MAX_NAMES = 8;

/** Who reacted with an emoji, in one line. */
export function reactorsText(chip: Chip, room: Room, myId: string): string {
	const names = chip.user_ids.flatMap((id) => {
		const person = room.participants.find((participant) => participant.id === id);
		return person && id !== myId ? [personName(person)] : [];
	});
	const shown = [...(chip.mine ? [t('reaction.you')] : []), ...names].slice(0, MAX_NAMES);
	const count = chip.count - shown.length;
	if (count > 0) {
		const key = shown.length > 0 ? 'reaction.others' : 'reaction.others_unnamed';
		shown.push(t(key, { count }));
	}
	return t('reaction.who', { names: listText(shown), emoji: chip.emoji });
}

export function listText(items: readonly string[]): string {
	return new Intl.ListFormat(i18n.locale, { type: 'conjunction' }).format(items);
}

/** Seconds as a player shows them. */
export function durationText(seconds: number): string {
	const whole = Math.round(seconds);
	const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
	const two = (value: number) => String(value).padStart(2, '0');
	const tail = `${two(whole % 60)}`;
	return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
}
