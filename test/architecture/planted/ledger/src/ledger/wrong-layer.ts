import type { Here } from '../application/here.ts';
export type Seen = Here;
