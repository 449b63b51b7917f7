import type { Here } from '#postgres/here';
export type Seen = Here;
