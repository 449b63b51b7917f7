import type { Here } from '#cli/here';
export type Seen = Here;
