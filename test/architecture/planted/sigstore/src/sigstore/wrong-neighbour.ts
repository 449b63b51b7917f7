import type { Here } from '#http/here';
export type Seen = Here;
