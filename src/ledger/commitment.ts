import { CanonicalJsonError, canonicalText } from './canonical-json.ts';
import type { JsonValue } from './canonical-json.ts';
import { digestOf } from './digest.ts';
import type { Digest } from './digest.ts';

/**
 * The length of a salt. It is fixed, because the salt stands before the value without a separator:
 * if lengths could vary, one digest could be opened as two values, with a byte moved from the
 * value to the salt.
 */
export const SALT_BYTES = 16;

/** A detached value and its salt. Without the salt, a short value could be found by guessing. */
export type Opening = { readonly salt: Uint8Array; readonly value: JsonValue };

/**
 * The digest that stands in an entry for a value kept beside it: SHA-256(salt ‖ canonical JSON).
 * Each value needs 16 random bytes of its own. Once both are erased, the digest says nothing.
 * Throws RangeError for a salt of another length, CanonicalJsonError for the value.
 */
export function commit(value: JsonValue, salt: Uint8Array): Digest {
  if (salt.length !== SALT_BYTES) throw new RangeError(`a salt has ${SALT_BYTES} bytes`);
  const text = canonicalText(value);
  const bytes = Buffer.allocUnsafe(SALT_BYTES + Buffer.byteLength(text));
  bytes.set(salt);
  bytes.write(text, SALT_BYTES);
  return digestOf(bytes);
}

/** Whether the commitment was made to this value with this salt. */
export function opens(commitment: Digest, { salt, value }: Opening): boolean {
  if (salt.length !== SALT_BYTES) return false;
  try {
    return commit(value, salt) === commitment;
  } catch (error) {
    // What has no canonical form was never committed to.
    if (error instanceof CanonicalJsonError) return false;
    throw error;
  }
}
