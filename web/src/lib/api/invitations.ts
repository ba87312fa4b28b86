import { client, unwrap } from './client';
import type { InvitePreview, Room } from './types';

const at = (code: string) => ({ params: { path: { code } } });

/** Where an invite link leads, signed in or not. */
export function previewInvite(code: string): Promise<InvitePreview> {
	return unwrap(client.GET('/api/v1/chat/invites/{code}/', at(code)));
}

/** Joins; who is in the room already spends no use. */
export function acceptInvite(code: string): Promise<Room> {
	return unwrap(client.POST('/api/v1/chat/invites/{code}/accept/', at(code)));
}
