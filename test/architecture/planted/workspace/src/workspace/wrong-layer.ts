import type { Here } from '#slack/here';
export type Seen = Here;
