import { encode, implicitPrimitive, sequence } from '#sigstore/der';
import {
  distinguishedName,
  extension,
  randomSerial,
  signCertificate,
  toBeSigned,
  wholeSecond,
} from '#sigstore/embedded/certificate';
import { newSigningKey, toPem } from '#sigstore/embedded/signing-key';

const HOUR_MS = 3_600_000;

/** A certificate of 127.0.0.1 that its own key signed, and the key: PEM. */
export function loopbackCertificate(): { readonly cert: string; readonly key: string } {
  const key = newSigningKey();
  const name = distinguishedName('Test', '127.0.0.1');
  const now = Date.now();
  const tbs = toBeSigned({
    serial: randomSerial(),
    issuer: name,
    subject: name,
    notBefore: wholeSecond(new Date(now - HOUR_MS)),
    notAfter: wholeSecond(new Date(now + HOUR_MS)),
    spki: key.spki,
    // iPAddress of a subject alternative name (RFC 5280 §4.2.1.6).
    extensions: [
      extension(
        '2.5.29.17',
        false,
        encode(sequence(implicitPrimitive(7, Uint8Array.of(127, 0, 0, 1)))),
      ),
    ],
  });
  return { cert: signCertificate(tbs, key), key: toPem(key) };
}
