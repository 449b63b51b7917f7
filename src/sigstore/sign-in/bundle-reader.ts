import { createPublicKey } from 'node:crypto';
import type { BundleReader, SignedBundle } from '#application/ports/sign-in';
import { IN_TOTO } from '../attestation-state.ts';
import { certificateIdentity } from '../certificate-identity.ts';
import { parseBundle, type ParsedBundle } from '../parse-bundle.ts';
import { rootThresholds } from '../root-thresholds.ts';
import { createBundleVerifier } from '../verify-bundle.ts';

/**
 * Reads bundles that sign-ins hand in, under a trusted root, as an auditor who pins it. Without one (`null`), only the
 * signature is checked, with the key that the certificate names: enough for certificates that the
 * service itself fetched from its Fulcio, and for no others.
 *
 * @throws if the trusted root cannot be read.
 */
export function bundleReader(trustedRoot: unknown): BundleReader {
  const verify =
    trustedRoot === null ? null : createBundleVerifier(trustedRoot, rootThresholds(trustedRoot));
  return {
    read(bundle, statement) {
      if (verify !== null && !verify(bundle, statement).verified) return null;
      const parsed = parseBundle(bundle);
      if ('code' in parsed || !isSignedOver(parsed, statement)) return null;
      return signedBundle(parsed);
    },
  };
}

function isSignedOver(
  { envelope, entity, certificate }: ParsedBundle,
  statement: Uint8Array,
): boolean {
  if (envelope.payloadType !== IN_TOTO || envelope.payload.compare(statement) !== 0) return false;
  try {
    const key = createPublicKey({ key: certificate.publicKey, format: 'der', type: 'spki' });
    return entity.signature.verifySignature(key);
  } catch {
    // A key of a kind that nothing here signs with.
    return false;
  }
}

function signedBundle({ certificate }: ParsedBundle): SignedBundle | null {
  const identity = certificateIdentity(certificate);
  if (identity?.type !== 'email' || identity.tokenSubject === undefined) return null;
  const { value: email, issuer, tokenSubject: subject } = identity;
  return { email, issuer, subject, spki: new Uint8Array(certificate.publicKey) };
}
