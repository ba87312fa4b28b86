import { expect, it } from 'vitest';
import { isLoneEmoji } from './lone-emoji';

it.each(['☕', '👍🏽', '❤️', '❤', '🇪🇸', '👩‍👩‍👧‍👦 🎉', '🎉🎉🎉', ' 🙂\n', '1️⃣', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🏳️‍🌈'])(
	'%s is emoji alone',
	(text) => expect(isLoneEmoji(text)).toBe(true),
);

it.each(['', '7', '#', '🎉🎉🎉🎉', '☕!', 'ok 👍', '©', ':)', '🇪', '1 2'])('%s is not', (text) =>
	expect(isLoneEmoji(text)).toBe(false),
);
