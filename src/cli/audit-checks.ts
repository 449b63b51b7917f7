import { createPublicKey, verify as verifySignature, type KeyObject } from 'node:crypto';
import type { Checks, VerifyBundle } from '#ledger/verify/checks';
import { verifyEd25519 } from '#runtime/verify-ed25519';
import { rootThresholds } from '#sigstore/root-thresholds';
import { createBundleVerifier } from '#sigstore/verify-bundle';
import { verifyJws } from './verify-jws.ts';

/**
 * The signature checks of `breakglass audit verify` under a pinned trusted root (JSON, protobuf
 * `TrustedRoot`). Throws if the root cannot be read.
 */
export function auditChecks(trustedRoot: unknown): Checks {
  // A key is read once: the log names few, and signs all with them.
  const keys = new WeakMap<Uint8Array, KeyObject>();
  const keyOf = (spki: Uint8Array): KeyObject => {
    const key = keys.get(spki) ?? publicKey(spki);
    keys.set(spki, key);
    return key;
  };
  return {
    verifyBundle: bundleVerifier(trustedRoot),
    verifyEd25519,
    verifyServiceSignature: (spki, message, signature) =>
      check(() => keyOf(spki), message, signature),
    verifyJws,
  };
}

function bundleVerifier(trustedRoot: unknown): VerifyBundle {
  const verifyBundle = createBundleVerifier(trustedRoot, rootThresholds(trustedRoot));
  return (bundle, statement) => {
    const verdict = verifyBundle(bundle, statement);
    if (!verdict.verified) return { ok: false, code: verdict.code };
    return {
      ok: true,
      identity: verdict.identity.value,
      kind: verdict.identity.type,
      publicKey: verdict.certificate.publicKey,
      issuer: verdict.issuer,
      tokenSubject: verdict.tokenSubject ?? null,
      signedAt: verdict.signedAt.map((one) => one.getTime()),
    };
  };
}

const publicKey = (spki: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });

function check(keyOf: () => KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verifySignature('sha256', message, keyOf(), signature);
  } catch {
    // Bytes that are no key or no signature verify nothing; OpenSSL throws for some of them.
    return false;
  }
}
