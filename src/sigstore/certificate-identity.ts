import type { X509Certificate } from '@sigstore/core';

/** Whom a Fulcio certificate names. Compare these values exactly, never as patterns. */
export interface CertificateIdentity {
  readonly type: 'email' | 'uri';
  readonly value: string;
  readonly issuer: string;
  /** The token's raw `sub` (1.3.6.1.4.1.57264.1.24, Fulcio v1.8.6 and later). */
  readonly tokenSubject: string | undefined;
}

const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const ISSUER_V2 = '1.3.6.1.4.1.57264.1.8';
const TOKEN_SUBJECT = '1.3.6.1.4.1.57264.1.24';
const RFC822_NAME = 1;
const URI_NAME = 6;
const UTF8_STRING = 0x0c;

/**
 * Reads the identity strictly: one alternative name, one issuer, at most one token subject, no
 * extension twice. The library's own reading masks high bits and prefers one of several names,
 * so that what it shows need not be what was certified. Undefined: not such a certificate.
 */
export function certificateIdentity(certificate: X509Certificate): CertificateIdentity | undefined {
  const name = alternativeName(certificate);
  const issuer = utf8Extension(certificate, ISSUER_V2);
  const subject = utf8Extension(certificate, TOKEN_SUBJECT);
  if (name === undefined || typeof issuer !== 'string' || subject === null) return undefined;
  return { ...name, issuer, tokenSubject: subject };
}

function alternativeName(
  certificate: X509Certificate,
): Pick<CertificateIdentity, 'type' | 'value'> | undefined {
  const [extension, ...others] = extensionsWith(certificate, SUBJECT_ALTERNATIVE_NAME);
  if (extension === undefined || others.length > 0) return undefined;
  const [name, ...further] = extension.subs.at(-1)?.subs[0]?.subs ?? [];
  if (name === undefined || further.length > 0) return undefined;
  const value = name.value.toString('latin1');
  // IA5String is ASCII.
  if (!/^[\x21-\x7e]+$/.test(value)) return undefined;
  if (name.tag.isContextSpecific(RFC822_NAME)) return { type: 'email', value };
  return name.tag.isContextSpecific(URI_NAME) ? { type: 'uri', value } : undefined;
}

// Undefined: no such extension. Null: one that is not a single, well-formed UTF8String.
function utf8Extension(certificate: X509Certificate, oid: string): string | undefined | null {
  const [extension, ...others] = extensionsWith(certificate, oid);
  if (extension === undefined) return undefined;
  const text = extension.subs.at(-1)?.subs[0];
  const octets = extension.subs.at(-1)?.value;
  if (others.length > 0 || text === undefined || octets?.[0] !== UTF8_STRING) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text.value);
  } catch {
    return null;
  }
}

function extensionsWith(certificate: X509Certificate, oid: string): X509Certificate['extensions'] {
  return certificate.extensions.filter((extension) => extension.subs[0]?.toOID() === oid);
}
