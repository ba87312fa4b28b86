import { expect, it } from 'vitest';
import type { Attachment } from '$lib/api/types';
import { message } from '$lib/testing/messages';
import { kindOf, largeUrl, picturesOf, smallUrl, sourcesOf } from './pictures';

const file = (over: Partial<Attachment> = {}): Attachment => ({
	id: 'f',
	url: '/media/f/sea.jpg',
	name: 'sea.jpg',
	size: 1000,
	content_type: 'image/jpeg',
	width: 2560,
	height: 1280,
	duration: null,
	thumbnail_url: '/media/f/sea.jpg?size=small',
	thumbhash: null,
	...over,
});

it('knows what can be shown', () => {
	expect(kindOf(file())).toBe('picture');
	expect(kindOf(file({ width: null }))).toBe('file');
	expect(kindOf(file({ thumbnail_url: null }))).toBe('picture');
	expect(kindOf(file({ content_type: 'video/mp4' }))).toBe('video');
	expect(kindOf(file({ content_type: 'audio/ogg' }))).toBe('audio');
	expect(kindOf(file({ content_type: 'application/pdf' }))).toBe('file');
	const mixed = message(1, { attachments: [file(), file({ content_type: 'text/plain' })] });
	expect(picturesOf([mixed, message(2)])).toMatchObject([{ message_id: 'm1', caption: 'text 1' }]);
});

it('offers both copies by their widths', () => {
	expect(sourcesOf(file())).toBe(
		'/media/f/sea.jpg?size=small 320w, /media/f/sea.jpg?size=large 1281w',
	);
	expect(sourcesOf(file({ width: 100, height: 50 }))).toContain('100w, ');
});

it('shows a picture without copies as it is', () => {
	const whole = file({ thumbnail_url: null });
	expect([smallUrl(whole), largeUrl(whole)]).toEqual([whole.url, whole.url]);
	expect(sourcesOf(whole)).toBeNull();
});
