import { createPublicKey, verify } from 'node:crypto';
import type { VerifyEd25519 } from '#ledger/note-key';

/** What stands before a raw Ed25519 key in its SPKI (RFC 8410 §4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Ed25519 (RFC 8032) over raw keys. */
export const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  try {
    const key = Buffer.concat([SPKI_PREFIX, publicKey]);
    return verify(null, message, createPublicKey({ key, format: 'der', type: 'spki' }), signature);
  } catch {
    // Bytes that are no key or no signature verify nothing; OpenSSL throws for some of them.
    return false;
  }
};
