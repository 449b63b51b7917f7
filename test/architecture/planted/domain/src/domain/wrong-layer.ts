import type { Here } from '#ledger/here';
export type Seen = Here;
