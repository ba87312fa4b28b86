import { resolve } from '$app/paths';
import { SvelteMap } from 'svelte/reactivity';
import { ApiError } from '$lib/api/errors';
import * as api from '$lib/api/friends';
import * as people from '$lib/api/people';
import { directChat } from '$lib/api/rooms';
import type { FriendRequest, Friendship, Sender, User } from '$lib/api/types';
import { t } from '$lib/i18n/i18n.svelte';
import { problemText } from '$lib/i18n/problems';
import type { Chat } from './chat.svelte';
import { personName } from './names';

/** Whom we have blocked, or no longer block, since the page was opened: what was fetched before does not know. */
const blocks = new SvelteMap<string, boolean>();
const between = (chat: Chat, user_id: string) => `${chat.me.id} ${user_id}`;

/** How somebody stands to us. The friends are live, so they know better than what was fetched once. */
export function relationWith(chat: Chat, user: User): Friendship {
	const { friends } = chat;
	if (user.id === chat.me.id) return 'self';
	const blocked = blocks.get(between(chat, user.id));
	const standing = user.friendship;
	if (blocked ?? standing === 'blocked') return 'blocked';
	if (!friends.loaded) return blocked === false ? 'none' : standing;
	if (friends.isFriend(user.id)) return 'friends';
	if (friends.requestFrom(user.id)) return 'incoming';
	return friends.requestTo(user.id) ? 'outgoing' : 'none';
}

export async function ask(chat: Chat, user_id: string): Promise<void> {
	const { request, user } = await api.askForFriendship(user_id);
	if (request) chat.friends.requested(request);
	else chat.friends.put(user);
}

export async function accept(chat: Chat, { id }: FriendRequest): Promise<void> {
	chat.friends.put(await api.acceptRequest(id));
}

export async function decline(chat: Chat, { id }: FriendRequest): Promise<void> {
	await api.declineRequest(id);
	chat.friends.answered(id);
}

export async function cancel(chat: Chat, { id }: FriendRequest): Promise<void> {
	await api.cancelRequest(id);
	chat.friends.answered(id);
}

export async function unfriend(chat: Chat, user_id: string): Promise<void> {
	await api.endFriendship(user_id);
	chat.friends.removed(user_id);
}

export async function block(chat: Chat, user_id: string): Promise<void> {
	await people.block(user_id);
	blocks.set(between(chat, user_id), true);
	chat.friends.removed(user_id);
}

export async function unblock(chat: Chat, user_id: string): Promise<void> {
	await people.unblock(user_id);
	blocks.set(between(chat, user_id), false);
}

/** The address of the chat with somebody, which is made where there is none. */
export async function chatWith(chat: Chat, user: Sender): Promise<string> {
	const room = await directChat(user.id);
	chat.rooms.put(room);
	return resolve('/(app)/rooms/[id]', { id: room.id });
}

/** Why somebody can't be written to, in words that help. */
export function refusalText(error: unknown, user: Sender): string {
	const refused = error instanceof ApiError && error.code === 'direct_messages_refused';
	return refused ? t('people.refused', { name: personName(user) }) : problemText(error);
}
