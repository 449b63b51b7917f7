import { Utf8String } from 'asn1js';
import type { BaseBlock } from 'asn1js';
import { encode, implicitPrimitive, sequence } from '../der.ts';
import type { CertifiedKey } from './authority-certificates.ts';
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
} from './certificate.ts';
import { sctExtensionValue } from './sct.ts';
import type { SigningKey } from './signing-key.ts';
import type { TokenIdentity } from './token-claims.ts';

const VALID_MS = 10 * 60_000;
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const RFC822_NAME = 1;
const URI_NAME = 6;
// https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
const ISSUER_V1 = '1.3.6.1.4.1.57264.1.1';
const ISSUER_V2 = '1.3.6.1.4.1.57264.1.8';
const TOKEN_SUBJECT = '1.3.6.1.4.1.57264.1.24';
// RFC 6962 §3.3.
const SCT_LIST = '1.3.6.1.4.1.11129.2.4.2';

/**
 * A code-signing certificate of ten minutes as Fulcio issues it: no subject, the identity as the
 * one critical alternative name, the issuer raw (.1) and as a UTF8String (.8), the token's raw
 * `sub` as a UTF8String (.24), and an embedded SCT. PEM.
 */
export function issueLeaf(options: {
  readonly authority: CertifiedKey;
  readonly ctLog: SigningKey;
  readonly spki: Buffer;
  readonly identity: TokenIdentity;
  readonly now: Date;
}): string {
  const { authority, ctLog, spki, identity, now } = options;
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
    ...endEntity(CODE_SIGNING, false),
    subjectKeyIdentifier(spki),
    authorityKeyIdentifier(authority.key.spki),
    ...identityExtensions(identity),
  ];
  // The SCT covers the certificate without the SCT, which verifiers take off again.
  const precertificate = toBeSigned({ ...plan, extensions });
  const sct = sctExtensionValue(ctLog, authority.key.spki, precertificate, now);
  const complete = [...extensions, extension(SCT_LIST, false, sct)];
  return signCertificate(toBeSigned({ ...plan, extensions: complete }), authority.key);
}

function identityExtensions({ type, name, issuer, subject }: TokenIdentity): BaseBlock[] {
  const tag = type === 'email' ? RFC822_NAME : URI_NAME;
  const names = sequence(implicitPrimitive(tag, Buffer.from(name, 'ascii')));
  return [
    extension(SUBJECT_ALTERNATIVE_NAME, true, encode(names)),
    extension(ISSUER_V1, false, Buffer.from(issuer)),
    extension(ISSUER_V2, false, utf8(issuer)),
    extension(TOKEN_SUBJECT, false, utf8(subject)),
  ];
}

function utf8(value: string): Buffer {
  return encode(new Utf8String({ value }));
}
