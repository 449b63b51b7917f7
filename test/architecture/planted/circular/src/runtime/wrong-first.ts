import type { Second } from './wrong-second.ts';
export type First = { next: Second | undefined };
