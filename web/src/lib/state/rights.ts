import type { Me, Message, Role, Room } from '$lib/api/types';

/** What the pages offer; the server decides. */

export function mayWrite(room: Room): boolean {
	return room.is_active && room.my_role !== null;
}

/** Who may delete what others write does not wait between messages. */
export function waits(room: Room, me: Me): boolean {
	return room.slow_mode > 0 && !me.is_staff && !administers(room);
}

export function mayEdit(room: Room, message: Message, me: Me): boolean {
	return mayWrite(room) && isOpen(message) && message.sender.id === me.id;
}

export function mayDelete(room: Room, message: Message, me: Me): boolean {
	if (!mayWrite(room) || !isOpen(message)) return false;
	return message.sender.id === me.id || me.is_staff || administers(room);
}

export function mayReply(room: Room, message: Message): boolean {
	return mayWrite(room) && isOpen(message);
}

export function mayReact(room: Room, message: Message): boolean {
	return mayReply(room, message);
}

/** In a direct room both may. */
export function mayPin(room: Room, message: Message): boolean {
	if (!mayWrite(room) || !isOpen(message)) return false;
	return room.room_type === 'direct' || administers(room);
}

export function mayAddMembers(room: Room): boolean {
	return room.is_active && administers(room);
}

export function mayEditRoom(room: Room): boolean {
	return room.is_active && administers(room);
}

export function mayInvite(room: Room): boolean {
	return room.is_active && administers(room);
}

export function mayCloseRoom(room: Room): boolean {
	return room.is_active && room.room_type === 'group' && room.my_role === 'owner';
}

export function mayChangeRoles(room: Room): boolean {
	return mayCloseRoom(room);
}

/** Admins take out members alone; nobody takes out the owner. */
export function mayRemove(room: Room, role: Role): boolean {
	if (!room.is_active || !administers(room) || role === 'owner') return false;
	return role === 'member' || room.my_role === 'owner';
}

export function mayLeave(room: Room): boolean {
	return room.room_type === 'group' && room.my_role !== null;
}

function administers(room: Room): boolean {
	return room.room_type === 'group' && (room.my_role === 'owner' || room.my_role === 'admin');
}

function isOpen(message: Message): boolean {
	return !message.is_deleted && message.message_type !== 'system';
}
