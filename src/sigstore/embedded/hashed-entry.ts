import { X509Certificate } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';

/** Why a proposed entry is refused. */
export type HashedEntryRefusal =
  | 'not a hashedrekord of version 0.0.2'
  | 'the verifier is no certificate'
  | 'the digest is not a SHA-256 digest';

const proposed = z.strictObject({
  hashedRekordRequestV002: z.strictObject({
    digest: z.base64(),
    signature: z.strictObject({
      content: z.base64(),
      verifier: z.strictObject({
        x509Certificate: z.strictObject({ rawBytes: z.base64() }),
        keyDetails: z.literal('PKIX_ECDSA_P256_SHA_256'),
      }),
    }),
  }),
});

const SHA256_BYTES = 32;

/**
 * Turns a proposed `hashedrekord` 0.0.2 (Rekor v2) into the body that the log keeps, in RFC 8785
 * canonical JSON. Node verifies no ECDSA signature over a digest that was made elsewhere, so that
 * the signature is good is left to whoever verifies the bundle: an entry for another is of no use.
 */
export function canonicalHashedEntry(proposal: unknown): Buffer | HashedEntryRefusal {
  const entry = proposed.safeParse(proposal);
  if (!entry.success) return 'not a hashedrekord of version 0.0.2';
  const { digest, signature } = entry.data.hashedRekordRequestV002;
  if (!isCertificate(signature.verifier.x509Certificate.rawBytes))
    return 'the verifier is no certificate';
  if (Buffer.from(digest, 'base64').length !== SHA256_BYTES)
    return 'the digest is not a SHA-256 digest';
  const canonical = canonicalize({
    apiVersion: '0.0.2',
    kind: 'hashedrekord',
    spec: { hashedRekordV002: { data: { algorithm: 'SHA2_256', digest }, signature } },
  });
  if (canonical === undefined) throw new TypeError('an entry without canonical form');
  return Buffer.from(canonical);
}

function isCertificate(der: string): boolean {
  try {
    return new X509Certificate(Buffer.from(der, 'base64')).raw.length > 0;
  } catch {
    return false;
  }
}
