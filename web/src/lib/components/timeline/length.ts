/** Past so many lines a message is shown in part at first. */
const MAX_LINES = 40;
/** About as many characters as a line has on a phone, and on anything else. */
const LINE = 60;
const BREAK = /<br ?\/?>|<\/(?:p|li|tr|h[1-6]|pre)>|<hr ?\/?>|\n/g;
const TAG = /<[^>]*>/g;

/** Whether a message, as HTML or as it was typed, takes up so much that only its beginning is shown at first. */
export function isLong(content: string): boolean {
	let lines = 0;
	for (const line of content.split(BREAK)) {
		const { length } = line.replace(TAG, '').trim();
		lines += Math.ceil(length / LINE);
		if (lines > MAX_LINES) return true;
	}
	return false;
}
