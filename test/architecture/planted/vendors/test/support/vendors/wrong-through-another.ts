import type { Here } from '../here.ts';
export type Seen = Here;
