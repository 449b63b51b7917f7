import { createPublicKey, verify as verifySignature, type KeyObject } from 'node:crypto';
import type { Checks, VerifyBundle } from '#ledger/verify/checks';
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
    verifyEd25519: (raw, message, signature) =>
      check(null, () => publicKey(Buffer.concat([ED25519_SPKI, raw])), message, signature),
    verifyServiceSignature: (spki, message, signature) =>
      check('sha256', () => keyOf(spki), message, signature),
    verifyJws,
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
    tsaThreshold: needs('timestampAuthorities'),
  });
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

/** The SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410 §4). */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

const publicKey = (spki: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });

function check(
  algorithm: 'sha256' | null,
  keyOf: () => KeyObject,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    return verifySignature(algorithm, message, keyOf(), signature);
  } catch {
    // Bytes that are no key or no signature verify nothing; OpenSSL throws for some of them.
    return false;
  }
}
