import type { Here } from '../here.ts';

export type Wrong = Here;
