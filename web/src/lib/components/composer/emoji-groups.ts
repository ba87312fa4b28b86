/** The groups of Unicode, without that of skin tones and hair; and those used lately. */
export const groups = ['recent', 0, 1, 3, 4, 5, 6, 7, 8, 9] as const;
export type Group = (typeof groups)[number];
