import type { Here } from '#domain/here';
export type Seen = Here;
