// A flag, a keycap, or a picture with its skin tone and all that is joined to it.
const PICTURE = String.raw`(?![©®™])\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})*`;
const EMOJI = String.raw`(?:\p{RI}{2}|[0-9#*]\uFE0F?\u20E3|${PICTURE}(?:\u200D${PICTURE})*[\u{E0020}-\u{E007F}]*)`;
const LONE = new RegExp(`^(?:${EMOJI}\\s*){1,3}$`, 'u');

/** One to three emoji and nothing else. */
export function isLoneEmoji(text: string): boolean {
	return LONE.test(text.trim());
}
