import type { Here } from '#gates/kyverno/here';
export type Seen = Here;
