import type { First } from './wrong-first.ts';
export type Second = { next: First | undefined };
