import { createPublicKey, verify as verifySignature } from 'node:crypto';
import type { Checks, VerifyBundle } from '#ledger/verify/checks';
import { createBundleVerifier } from '#sigstore/verify-bundle';

/**
 * The signature checks of `breakglass audit verify` under a pinned trusted root (JSON, protobuf
 * `TrustedRoot`). Throws if the root cannot be read.
 */
export function auditChecks(trustedRoot: unknown): Checks {
  return {
    verifyBundle: bundleVerifier(trustedRoot),
    verifyEd25519: (publicKey, message, signature) =>
      check(null, Buffer.concat([ED25519_SPKI, publicKey]), message, signature),
    verifyServiceSignature: (spki, message, signature) => check('sha256', spki, message, signature),
  };
}

/** A bundle needs a log entry, a timestamp and an SCT where the pinned root has authorities for them. */
function bundleVerifier(trustedRoot: unknown): VerifyBundle {
  const needs = (name: string): number => {
    const list: unknown = Object.entries(Object(trustedRoot)).find(([key]) => key === name)?.[1];
    return Array.isArray(list) && list.length > 0 ? 1 : 0;
  };
  const verifyBundle = createBundleVerifier(trustedRoot, {
    tlogThreshold: needs('tlogs'),
    ctlogThreshold: needs('ctlogs'),
    tsaThreshold: 1,
  });
  return (bundle, statement) => {
    const verdict = verifyBundle(bundle, statement);
    if (!verdict.verified) return { ok: false, code: verdict.code };
    if (verdict.identity.type !== 'email') return { ok: false, code: 'identity-not-email' };
    return {
      ok: true,
      identity: verdict.identity.value,
      issuer: verdict.issuer,
      tokenSubject: verdict.tokenSubject ?? null,
      signedAt: verdict.signedAt.map((one) => one.getTime()),
    };
  };
}

/** The SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410 §4). */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

function check(
  algorithm: 'sha256' | null,
  spki: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    return verifySignature(algorithm, message, key, signature);
  } catch {
    // Bytes that are no key or no signature verify nothing; OpenSSL throws for some of them.
    return false;
  }
}
