import type { X509Certificate } from '@sigstore/core';

type Asn1Object = X509Certificate['root'];

/**
 * Has a certificate encode itself once: the library encodes it anew wherever it compares two or
 * verifies one, which is half of what a bundle takes. Nobody changes a certificate that was read:
 * even to take its SCT out of it (RFC 6962 §3.2), the library reads a copy.
 */
export function encodedOnce(certificate: X509Certificate): X509Certificate {
  encodeOnce(certificate.root);
  return certificate;
}

function encodeOnce(object: Asn1Object): void {
  // From the leaves up, so that each is encoded from what those in it remember.
  for (const sub of object.subs) encodeOnce(sub);
  const der = object.toDER();
  object.toDER = () => der;
}
