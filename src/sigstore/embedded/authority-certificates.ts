import type { BaseBlock } from 'asn1js';
import {
  authorityKeyIdentifier,
  certificateAuthority,
  distinguishedName,
  endEntity,
  extendedKeyUsage,
  randomSerial,
  signCertificate,
  subjectKeyIdentifier,
  toBeSigned,
  wholeSecond,
} from './certificate.ts';
import { newSigningKey } from './signing-key.ts';
import type { SigningKey } from './signing-key.ts';

/** Names what the certificates are good for; verifiers recognise it. */
export const ORGANISATION = 'Safeguard Break-glass (evaluation)';
const VALID_YEARS = 10;
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

/** What signs, and the certificates above its key: its own first, the root last. PEM. */
export interface CertifiedKey {
  readonly key: SigningKey;
  readonly chain: readonly string[];
}

/**
 * A code-signing authority: an intermediate under a root of its own. The root's key is thrown away
 * once it has signed, so that nothing on the disk can make a second intermediate.
 */
export function newCertificateAuthority(now: Date): CertifiedKey {
  const extensions = [...certificateAuthority(0), extendedKeyUsage(CODE_SIGNING, false)];
  return certifiedKey('Embedded certificate', 1, now, extensions);
}

/** A timestamp signer (RFC 3161 §2.3: one critical timeStamping EKU) under a root of its own. */
export function newTimestampAuthority(now: Date): CertifiedKey {
  return certifiedKey('Embedded timestamp', 0, now, endEntity(TIME_STAMPING, true));
}

function certifiedKey(
  name: string,
  rootPathLength: number,
  now: Date,
  extensions: readonly BaseBlock[],
): CertifiedKey {
  const [root, own] = [newSigningKey(), newSigningKey()];
  const rootName = distinguishedName(ORGANISATION, `${name} root`);
  const shared = { issuer: rootName, notBefore: wholeSecond(now), notAfter: yearsAfter(now) };
  const rootCertificate = toBeSigned({
    ...shared,
    serial: randomSerial(),
    subject: rootName,
    spki: root.spki,
    extensions: [...certificateAuthority(rootPathLength), subjectKeyIdentifier(root.spki)],
  });
  const ownCertificate = toBeSigned({
    ...shared,
    serial: randomSerial(),
    subject: distinguishedName(ORGANISATION, `${name} authority`),
    spki: own.spki,
    extensions: [...extensions, subjectKeyIdentifier(own.spki), authorityKeyIdentifier(root.spki)],
  });
  const chain = [ownCertificate, rootCertificate].map((tbs) => signCertificate(tbs, root));
  return { key: own, chain };
}

function yearsAfter(now: Date): Date {
  const end = wholeSecond(now);
  end.setUTCFullYear(end.getUTCFullYear() + VALID_YEARS);
  return end;
}
