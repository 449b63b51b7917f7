import type { Here } from '#test/support/here';
export type Seen = Here;
