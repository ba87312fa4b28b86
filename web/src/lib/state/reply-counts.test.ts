import { expect, it } from 'vitest';
import { message } from '$lib/testing/messages';
import { quoteOf } from './quote';
import { replyCount } from './reply-counts';

it('counts what is loaded where the message knows of less', () => {
	const root = message(1, { reply_count: 1 });
	const reply = (seq: number, over = {}) => message(seq, { reply_to: quoteOf(root), ...over });
	expect(replyCount(root, [root])).toBe(1);
	expect(replyCount(root, [root, reply(2), reply(3)])).toBe(2);
	expect(replyCount(root, [root, reply(2), reply(3, { is_deleted: true })])).toBe(1);
	expect(replyCount(message(2), [])).toBe(0);
});
