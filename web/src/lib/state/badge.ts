import type { Room } from '$lib/api/types';
import { isMuted } from './room-sections';

/** What waits to be read in the rooms that are not muted. */
export interface Waiting {
	readonly unread: number;
	readonly mentions: number;
}

export function waitingIn(rooms: readonly Room[], now: Date): Waiting {
	const loud = rooms.filter((room) => !isMuted(room, now));
	const sum = (key: 'unread_count' | 'mention_count') =>
		loud.reduce((total, room) => total + (room[key] ?? 0), 0);
	return { unread: sum('unread_count'), mentions: sum('mention_count') };
}

/** As short as a tab's title wants it. Who is spoken to hears that first, and not how much else there is. */
export function badgeText({ unread, mentions }: Waiting): string {
	const short = (count: number) => (count > 99 ? '99+' : String(count));
	if (mentions > 0) return `@${short(mentions)}`;
	return unread > 0 ? short(unread) : '';
}

/** The sign of the page with what waits upon it: a dot, or for mentions a large one with their number. */
export function markWithBadge(svg: string, { unread, mentions }: Waiting): string {
	if (mentions > 0) {
		const text = mentions > 9 ? '9+' : String(mentions);
		const number = `<text x="21" y="26.5" text-anchor="middle" font-family="sans-serif" font-size="${text.length > 1 ? 12 : 15}" font-weight="700" fill="#fff">${text}</text>`;
		return withSign(svg, `${dot(21, 21, 10)}${number}`);
	}
	return unread > 0 ? withSign(svg, dot(25, 25, 6)) : svg;
}

const dot = (x: number, y: number, r: number) =>
	`<circle cx="${x}" cy="${y}" r="${r}" fill="#bf4312" stroke="#fff" stroke-width="1.5"/>`;

const withSign = (svg: string, sign: string) => svg.replace('</svg>', `${sign}</svg>`);
