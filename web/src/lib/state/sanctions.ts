import type { Sanction } from '$lib/api/types';

type Term = Pick<Sanction, 'ends_at' | 'lifted_at'>;

/** Whether it holds; a warning does until it is lifted. */
export function isLive({ ends_at, lifted_at }: Term, now: Date): boolean {
	return !lifted_at && (!ends_at || Date.parse(ends_at) > now.getTime());
}

/** The mute that holds longest. */
export function liveMute(sanctions: readonly Sanction[], now: Date): Sanction | null {
	const endOf = ({ ends_at }: Sanction) => (ends_at ? Date.parse(ends_at) : Infinity);
	const live = sanctions.filter((one) => one.kind === 'mute' && isLive(one, now));
	return live.sort((a, b) => endOf(b) - endOf(a))[0] ?? null;
}

/** The warnings that came after the one that was read last, the oldest first. */
export function unreadWarnings(sanctions: readonly Sanction[], read: string): Sanction[] {
	const unread = sanctions.filter(
		({ kind, lifted_at, created_at }) => kind === 'warning' && !lifted_at && created_at > read,
	);
	return unread.sort((a, b) => a.created_at.localeCompare(b.created_at));
}
