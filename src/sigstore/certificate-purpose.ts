import { X509Certificate } from 'node:crypto';

const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';

/**
 * Whether a certificate (DER) is for signing and for nothing else: the one extended key usage of
 * Fulcio's certificates (RFC 5280 §4.2.1.12), which the library leaves open.
 */
export function isForSigning(certificate: Uint8Array): boolean {
  const purposes = new X509Certificate(certificate).keyUsage;
  return purposes?.length === 1 && purposes[0] === CODE_SIGNING;
}
