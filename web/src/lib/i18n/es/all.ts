import type { Dictionary } from '../en/all.ts';
import { admin } from './admin.ts';
import { es } from './index.ts';
import { moderation } from './moderation.ts';

export const all: Dictionary = { ...es, ...moderation, ...admin };
