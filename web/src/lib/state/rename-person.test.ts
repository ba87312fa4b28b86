import { expect, it } from 'vitest';
import { ana, luis, message, room } from '$lib/testing/messages';
import { quoteOf } from './quote';
import { renamePerson } from './rename-person';

const renamed = { ...ana, display_name: 'Ana Ruiz', avatar_url: '/media/new' };

it('renames who has said it, who is quoted and whom it is about', () => {
	const system = { event: 'member_added' as const, user: ana, name: null };
	const told = message(1, { sender: luis, message_type: 'system', system });
	expect(renamePerson(told, renamed).system?.user).toEqual(renamed);
	const answer = message(2, { sender: luis, reply_to: quoteOf(message(1)) });
	expect(renamePerson(answer, renamed)).toEqual({
		...answer,
		reply_to: { ...answer.reply_to, sender: renamed },
	});
	expect(renamePerson(message(3), renamed)).toEqual({ ...message(3), sender: renamed });
});

it('renames the members of a room, and who spoke last in it', () => {
	const held = room('a', { participants: [ana, luis], last_message: message(1) });
	const { participants, last_message } = renamePerson(held, renamed);
	expect(participants).toEqual([renamed, luis]);
	expect(last_message?.sender).toEqual(renamed);
});

it('leaves the others as they are', () => {
	const content = '{"id":"ana"}';
	for (const held of [room('b', { participants: [luis] }), message(1, { sender: luis, content })]) {
		expect(renamePerson(held, renamed)).toBe(held);
	}
});
