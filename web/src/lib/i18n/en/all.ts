import type { Translated } from '../plural.ts';
import { accounts } from './accounts.ts';
import { admin } from './admin.ts';
import { en } from './index.ts';
import { moderation } from './moderation.ts';
import { slowMode } from './slow-mode.ts';

/** With the texts that come only with the pages that need them. */
export const all = { ...en, ...moderation, ...admin, ...accounts, ...slowMode } as const;

export type Key = keyof typeof all;
/** A plain text for a plain text, a plural for a plural. */
export type Dictionary = Translated<typeof all>;
