import { createHash } from 'node:crypto';
import type { Here } from '#domain/here';
export const hash = createHash;
export type Seen = Here;
