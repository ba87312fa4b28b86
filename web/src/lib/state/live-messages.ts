import { deleteMessage, getMessage, pinsOf, react, unreact } from '$lib/api/messages';
import { t } from '$lib/i18n/i18n.svelte';
import { problemText } from '$lib/i18n/problems';
import type { Chat } from './chat.svelte';
import { newClientId } from './client-id';
import { Deletions } from './deletions.svelte';
import { noteEmoji } from './emoji-habits';
import { Pins } from './pins.svelte';
import { Reactions } from './reactions.svelte';
import { toasts } from './toasts.svelte';

const failed = (error: unknown) => toasts.show(problemText(error));

/** What hangs on messages, tied to the server and to what is shown. */
export function liveReactions(chat: Chat): Reactions {
	const reactions = new Reactions({
		myId: chat.me.id,
		newId: newClientId,
		send: (action) => chat.act(action),
		async call(message, emoji, added) {
			if (added) return react(message.id, emoji);
			await unreact(message.id, emoji);
			return getMessage(message.id);
		},
		onMessage: (message) => chat.adopt(message),
		onFailed: failed,
		onUsed: (emoji) => noteEmoji(localStorage, emoji),
	});
	chat.listen((event) => reactions.receive(event));
	return reactions;
}

export function livePins(chat: Chat): Pins {
	const pins = new Pins(pinsOf);
	chat.listen((event) => pins.receive(event));
	return pins;
}

/** A deleted answer counts no more, and raises no revision of what it answers. */
export function followReplies(chat: Chat): void {
	chat.listen((event) => {
		if (event.type !== 'message_deleted' || !event.data.reply_to) return;
		const { id } = event.data.reply_to;
		const parent = chat.view(event.room_id)?.timeline.messages.find((one) => one.id === id);
		if (parent?.reply_count) chat.adopt({ ...parent, reply_count: parent.reply_count - 1 });
	});
}

export function undoableDeletions(chat: Chat): Deletions {
	const deletions = new Deletions({
		remove: deleteMessage,
		storage: localStorage,
		user_id: chat.me.id,
		offer: (run, past) =>
			toasts.show(t('message.deleted'), { label: t('message.undo'), run }, past),
		withdraw: (id) => toasts.dismiss(id),
		onFailed: (error) => toasts.show(t('message.not_deleted', { reason: problemText(error) })),
	});
	chat.listen((event) => {
		if (event.type !== 'message_deleted') return;
		const { id, room } = event.data;
		const held = chat.view(room)?.timeline.messages.find((message) => message.id === id);
		// Its room may have missed something, and takes the event later.
		if (!held || held.is_deleted) deletions.settle(id);
	});
	return deletions;
}
