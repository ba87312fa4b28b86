const CODE = /(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/;
const FENCE = /^ {0,3}(```|~~~)[^\n]*$/gm;
const BLOCK_SIGN = /^ {0,3}(?:#{1,6} |> ?|[-*+] (?:\[[ xX]\] )?|\d{1,9}[.)] )+/gm;
const TABLE_RULE = /^\|?(?: *:?-+:? *\|)+ *:?-*:? *$/gm;
const LINK = /!?\[([^\]\n]*)\]\((?:[^()\s]|\([^()\s]*\))*(?: "[^"\n]*")?\)/g;
/** Signs that hug words; an underscore within a word is one of its letters. */
const EMPHASIS = [
	/(\*{1,3})(?=\S)([^*\n]*[^*\s])\1/g,
	/(?<![\p{L}\p{N}_])(_{1,3})(?=\S)([^_\n]*[^_\s])\1(?![\p{L}\p{N}_])/gu,
	/(~~)(?=\S)([^~\n]*[^~\s])\1/g,
];
const ESCAPED = /\\([!-/:-@[-`{-~])/g;
/** Stand for text that is not to be looked at again. */
const KEPT = /\uE000(\d+)\uE001/g;

/**
 * A quote in one line, without its Markdown. A quote comes as it was typed, and cut: this is
 * no Markdown reader, only what makes the usual signs go.
 */
export function plainQuote(content: string): string {
	const kept: string[] = [];
	const keep = (text: string) => `\uE000${kept.push(text) - 1}\uE001`;
	let text = content.replace(/[\uE000\uE001]/g, '').replace(FENCE, '');
	for (let code = CODE.exec(text); code; code = CODE.exec(text)) {
		text = text.replace(code[0], () => keep(code?.[2] ?? ''));
	}
	text = text
		.replace(ESCAPED, (_, sign: string) => keep(sign))
		.replace(TABLE_RULE, '')
		.replace(BLOCK_SIGN, '')
		.replace(LINK, '$1');
	// The innermost first.
	for (let depth = 0; depth < 3; depth++) {
		for (const sign of EMPHASIS) text = text.replace(sign, '$2');
	}
	text = text.replace(KEPT, (_, index: string) => kept[Number(index)] ?? '');
	return text.replace(/\s+/g, ' ').trim();
}
