import type { Here } from '#runtime/here';
export type Seen = Here;
