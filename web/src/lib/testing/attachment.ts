import type { Attachment } from '$lib/api/types';

export function attachment(id: string, over: Partial<Attachment> = {}): Attachment {
	return {
		id,
		name: `${id}.png`,
		url: `/media/${id}/${id}.png`,
		size: 7,
		content_type: 'image/png',
		width: 2,
		height: 2,
		duration: null,
		thumbnail_url: null,
		thumbhash: null,
		...over,
	};
}
