import { at, json } from './admin';
import { client, unwrap } from './client';
import type { operations } from './schema';
import type { AdminRoom, AdminRoomChanges, Page } from './types';

// Groups, for staff alone; never what is said in them.

type Asked = NonNullable<operations['list_all_rooms']['parameters']['query']>;

export type RoomSort = NonNullable<Asked['sort']>;
/** Which groups, and in which order. */
export type RoomFilter = Pick<Asked, 'search' | 'visibility' | 'is_active' | 'sort'>;

export const roomsPath = '/api/v1/admin/rooms/';

export function listAllRooms(query: RoomFilter): Promise<Page<AdminRoom>> {
	return json(unwrap(client.GET(roomsPath, { params: { query } })));
}

export function getAnyRoom(id: string): Promise<AdminRoom> {
	return unwrap(client.GET('/api/v1/admin/rooms/{id}/', at(id)));
}

export function changeAnyRoom(id: string, body: AdminRoomChanges): Promise<AdminRoom> {
	return unwrap(client.PATCH('/api/v1/admin/rooms/{id}/', { ...at(id), body }));
}

export function closeAnyRoom(id: string): Promise<unknown> {
	return unwrap(client.DELETE('/api/v1/admin/rooms/{id}/', at(id)));
}
