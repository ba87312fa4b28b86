import { resolve } from '$app/paths';

/** The address of a message: the room opens there. */
export function messagePath(room_id: string, message_id: string): string {
	const path = resolve('/(app)/rooms/[id]', { id: room_id });
	return `${path}?message=${encodeURIComponent(message_id)}`;
}
