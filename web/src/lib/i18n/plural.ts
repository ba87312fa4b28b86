/** A text that depends on a number: one form for each plural category of the language. */
export interface Plural {
	one: string;
	many?: string;
	other: string;
}

/** The same texts in another language: a plain text for a plain text, a plural for a plural. */
export type Translated<Words> = { [K in keyof Words]: Words[K] extends string ? string : Plural };
