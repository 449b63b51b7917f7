import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import type { BaseBlock } from 'asn1js';
import { encode, implicitPrimitive, sequence } from '#sigstore/der';
import {
  authorityKeyIdentifier,
  endEntity,
  extension,
  randomSerial,
  signCertificate,
  subjectKeyIdentifier,
  subjectOf,
  toBeSigned,
  wholeSecond,
} from '#sigstore/embedded/certificate';
import { newCertificateAuthority } from '#sigstore/embedded/authority-certificates';
import { current, openKeyRing } from '#sigstore/embedded/key-ring';
import { sctExtensionValue } from '#sigstore/embedded/sct';
import { newSigningKey } from '#sigstore/embedded/signing-key';
import type { CertifiedEphemeralKey } from '#sigstore/obtain-certificate';
import { Utf8String } from 'asn1js';
import type { Signer } from './signer.ts';

const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const ISSUER = '1.3.6.1.4.1.57264.1.8';
const TOKEN_SUBJECT = '1.3.6.1.4.1.57264.1.24';
const SCT_LIST = '1.3.6.1.4.1.11129.2.4.2';
const RFC822_NAME = 1;
const URI_NAME = 6;
const VALID_MS = 600_000;

/** What the certificate says; whatever is left out is as the authority would write it. */
export interface ForgedCertificate {
  readonly emails: readonly string[];
  readonly at: number;
  /** `null`: no such extension. */
  readonly tokenSubject: string | null;
  readonly issuer?: string | null;
  readonly uris?: readonly string[];
  readonly purpose?: string;
  /** `stranger`: an authority of the same names that nobody trusts. */
  readonly authority?: 'trusted' | 'stranger';
  /** Who promises to log the certificate; `nobody` leaves the promise out. */
  readonly promisedBy?: 'trusted' | 'stranger' | 'nobody';
}

/** A key with a certificate as nobody would issue it, under the authority's own keys. */
export async function forgeCertificate(
  { folder, issuer }: Signer,
  says: ForgedCertificate,
): Promise<CertifiedEphemeralKey> {
  const now = new Date(says.at);
  const ring = await openKeyRing(folder, now);
  const trusted = current(ring.certificateAuthorities);
  const authority = says.authority === 'stranger' ? newCertificateAuthority(now) : trusted;
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = pair.publicKey.export({ format: 'der', type: 'spki' });
  const notBefore = wholeSecond(now);
  const plan = {
    serial: randomSerial(),
    issuer: subjectOf(authority.chain[0] ?? ''),
    subject: sequence(),
    notBefore,
    notAfter: new Date(notBefore.getTime() + VALID_MS),
    spki,
  };
  const extensions = [
    ...endEntity(says.purpose ?? CODE_SIGNING, false),
    subjectKeyIdentifier(spki),
    authorityKeyIdentifier(authority.key.spki),
    ...identityOf(says, issuer.issuerUrl),
  ];
  const log = says.promisedBy === 'stranger' ? newSigningKey() : current(ring.ctLogs).key;
  const bare = toBeSigned({ ...plan, extensions });
  const promise = extension(SCT_LIST, false, sctExtensionValue(log, authority.key.spki, bare, now));
  const complete = says.promisedBy === 'nobody' ? extensions : [...extensions, promise];
  const pem = signCertificate(toBeSigned({ ...plan, extensions: complete }), authority.key);
  const privateKey = createPrivateKey(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }));
  return { privateKey, certificate: new X509Certificate(pem) };
}

function identityOf(
  { emails, uris = [], tokenSubject, issuer }: ForgedCertificate,
  ours: string,
): readonly BaseBlock[] {
  const names = [
    ...emails.map((one) => implicitPrimitive(RFC822_NAME, Buffer.from(one))),
    ...uris.map((one) => implicitPrimitive(URI_NAME, Buffer.from(one))),
  ];
  const text = (id: string, value: string | null): readonly BaseBlock[] =>
    value === null ? [] : [extension(id, false, encode(new Utf8String({ value })))];
  return [
    extension(SUBJECT_ALTERNATIVE_NAME, true, encode(sequence(...names))),
    ...text(ISSUER, issuer === undefined ? ours : issuer),
    ...text(TOKEN_SUBJECT, tokenSubject),
  ];
}
