import { CanonicalJsonError, canonicalText, type JsonValue } from './canonical-json.ts';
import { digestOf, type Digest } from './digest.ts';

/** The digest of a value's canonical JSON; `undefined` for one that has no canonical form. */
export function canonicalDigest(value: JsonValue): Digest | undefined {
  try {
    return digestOf(canonicalText(value));
  } catch (error) {
    if (error instanceof CanonicalJsonError) return undefined;
    throw error;
  }
}
