import type { Dictionary } from '../en/all.ts';
import { accounts } from './accounts.ts';
import { admin } from './admin.ts';
import { es } from './index.ts';
import { moderation } from './moderation.ts';
import { slowMode } from './slow-mode.ts';

export const all: Dictionary = { ...es, ...moderation, ...admin, ...accounts, ...slowMode };
