import { canonicalJson } from './canonical-json.ts';
import type { Digest } from './digest.ts';

/**
 * The bytes that stand in the log for an entry: the digest of its statement and of the envelope
 * that signs it. The number is the version of this form; it changes with any change to it.
 */
export function leafBytes(statement: Digest, envelope: Digest): Uint8Array {
  return canonicalJson({ v: 1, statement, envelope });
}
