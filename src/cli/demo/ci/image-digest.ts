import { createHash } from 'node:crypto';

/** What stands for the image of a tag: it looks like a digest, and is the same at each run. */
export const imageDigest = (tag: string): string =>
  `sha256:${createHash('sha256').update(tag).digest('hex')}`;
