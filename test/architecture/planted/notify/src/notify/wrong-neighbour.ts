import type { Here } from '#gates/github/here';
export type Seen = Here;
