import type { Message, Quote, Room } from '$lib/api/types';
import { personName } from '$lib/state/names';
import { plainQuote } from '$lib/state/plain-quote';
import { trustedHtml } from '$lib/trusted';
import { t } from './i18n.svelte';

/** What a system message reports, in the reader's language; the server's words where it is news to us. */
export function systemText({ system, sender, content }: Message | Quote): string {
	if (!system) return content;
	const actor = personName(sender);
	const user = system.user ? personName(system.user) : actor;
	const name = system.name ?? '';
	switch (system.event) {
		case 'member_joined':
		case 'member_left':
		case 'member_added':
		case 'member_removed':
		case 'room_renamed':
			return t(`system.${system.event}`, { actor, user, name });
		default:
			return content;
	}
}

/** What ends a line where a text is shown as a page. */
const LINE_END = /<\/(p|li|td|th|pre|h\d|blockquote)>|<br\b[^>]*>/g;
/** As the server writes them. */
const TAG = /<\/?[a-z][a-z0-9]*(?: [a-z-]+="[^"<>&]*")*>/g;
const plain = new WeakMap<Message, string>();

/** Most texts hold nothing but plain tags. Of the document that reads the others nothing is loaded or run. */
function textOf(html: string): string {
	const spaced = html.replace(LINE_END, '$& ');
	const bare = spaced.replace(TAG, '');
	if (!/[<>&]/.test(bare)) return bare;
	return new DOMParser().parseFromString(trustedHtml(spaced), 'text/html').body.textContent;
}

/** The text without its Markdown. */
function plainText(message: Message): string {
	const known = plain.get(message);
	if (known !== undefined) return known;
	const line = textOf(message.content_html).replace(/\s+/g, ' ').trim();
	plain.set(message, line);
	return line;
}

/** What a message quotes, in one line. */
export function quoteText(quote: Quote): string {
	if (quote.message_type === 'system') return systemText(quote);
	if (quote.is_deleted) return t('message.original_deleted');
	const files = quote.message_type === 'image' ? t('message.picture') : t('message.file');
	return plainQuote(quote.content) || files;
}

/** A message in one line. */
export function previewText(message: Message): string {
	if (message.message_type === 'system') return systemText(message);
	if (message.is_deleted) return t('message.deleted');
	return plainText(message) || message.content.replace(/\s+/g, ' ') || attachmentsText(message);
}

function attachmentsText({ attachments, message_type }: Message): string {
	if (message_type === 'image') return t('message.picture');
	return attachments[0]?.name ?? '';
}

/** As much of a message as a line of the room list can show. */
const PREVIEW_LENGTH = 100;

/** What was said last in a room: who said it, unless the room makes that plain, and what. */
export function roomPreview(room: Room, myId: string): string {
	const message = room.last_message;
	if (!message) return cut(room.topic);
	const text = cut(previewText(message));
	if (message.message_type === 'system') return text;
	if (message.sender.id === myId) return t('rooms.you', { text });
	if (room.room_type === 'direct') return text;
	return t('rooms.sender', { name: personName(message.sender), text });
}

/** A text in one line that is also short to listen to. */
export function cut(text: string): string {
	const characters = [...text.replace(/\s+/g, ' ').trim()];
	if (characters.length <= PREVIEW_LENGTH) return characters.join('');
	return `${characters.slice(0, PREVIEW_LENGTH).join('').trimEnd()}…`;
}
