import type { Attachment, Message, Sender } from '$lib/api/types';

/** A picture with what is told beside it. */
export interface Picture {
	file: Attachment;
	message_id: string;
	sender: Sender;
	created_at: string;
	caption: string;
}

export type FileKind = 'picture' | 'video' | 'audio' | 'file';

/** A picture whose size is not known may be anything: it is offered as a file. */
export function kindOf({ content_type, width, height }: Attachment): FileKind {
	if (content_type.startsWith('image/') && width && height) return 'picture';
	if (content_type.startsWith('video/')) return 'video';
	return content_type.startsWith('audio/') ? 'audio' : 'file';
}

export function picturesOf(messages: readonly Message[]): Picture[] {
	return messages.flatMap((message) =>
		message.attachments
			.filter((file) => kindOf(file) === 'picture')
			.map((file) => ({
				file,
				message_id: message.id,
				sender: message.sender,
				created_at: message.created_at,
				caption: message.content,
			})),
	);
}

/** The smallest copy there is: not every picture has one. */
export function smallUrl({ url, thumbnail_url }: Attachment): string {
	return thumbnail_url ?? url;
}

/** The copy of at most 1,280 pixels a side. */
export function largeUrl({ url, thumbnail_url }: Attachment): string {
	return thumbnail_url ? `${url}?size=large` : url;
}

/** Both copies by their widths, of which the browser takes the one that fits. */
export function sourcesOf(file: Attachment): string | null {
	const { width, height, thumbnail_url } = file;
	if (!thumbnail_url) return null;
	const scale = (side: number) => Math.min(1, side / Math.max(width ?? 1, height ?? 1));
	const widthAt = (side: number) => Math.max(1, Math.round((width ?? 1) * scale(side)));
	return `${thumbnail_url} ${widthAt(320)}w, ${largeUrl(file)} ${widthAt(1280) + 1}w`;
}
