import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { X509Certificate as SigstoreCertificate } from '@sigstore/core';
import { BitString, Boolean as Asn1Boolean, UTCTime, Utf8String } from 'asn1js';
import type { BaseBlock } from 'asn1js';
import {
  algorithm,
  bufferOf,
  embedded,
  encode,
  explicit,
  implicitPrimitive,
  integer,
  octets,
  oid,
  sequence,
  sequenceOf,
  setOf,
  time,
  unsigned,
} from '../der.ts';
import { signBytes } from './signing-key.ts';
import type { SigningKey } from './signing-key.ts';

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const X509_V3 = 2;

/** What a certificate will say (RFC 5280 §4.1). */
export interface CertificatePlan {
  readonly serial: Uint8Array;
  readonly issuer: BaseBlock;
  readonly subject: BaseBlock;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly spki: Uint8Array;
  readonly extensions: readonly BaseBlock[];
}

/** The TBSCertificate, DER. */
export function toBeSigned(plan: CertificatePlan): Buffer<ArrayBuffer> {
  return encode(
    sequence(
      explicit(0, integer(X509_V3)),
      unsigned(plan.serial),
      algorithm(ECDSA_WITH_SHA256),
      plan.issuer,
      sequence(validityTime(plan.notBefore), validityTime(plan.notAfter)),
      plan.subject,
      embedded(plan.spki),
      explicit(3, sequence(...plan.extensions)),
    ),
  );
}

/** The certificate over a TBSCertificate; PEM. */
export function signCertificate(tbs: Buffer<ArrayBuffer>, issuer: SigningKey): string {
  const signature = new BitString({ valueHex: bufferOf(signBytes(issuer, tbs)) });
  const der = encode(sequence(embedded(tbs), algorithm(ECDSA_WITH_SHA256), signature));
  return new X509Certificate(der).toString();
}

/** `O=…, CN=…`. */
export function distinguishedName(organisation: string, commonName: string): BaseBlock {
  const part = (type: string, value: string): BaseBlock =>
    setOf(sequence(oid(type), new Utf8String({ value })));
  return sequence(part('2.5.4.10', organisation), part('2.5.4.3', commonName));
}

/** The subject of a certificate, as the issuer of the next one down: byte for byte the same. */
export function subjectOf(certificatePem: string): BaseBlock {
  return sequenceOf(SigstoreCertificate.parse(certificatePem).subject);
}

/** 126 random bits, positive as RFC 5280 §4.1.2.2 wants it. */
export function randomSerial(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = (bytes.readUInt8(0) & 0x3f) | 0x40;
  return bytes;
}

/** Certificates carry whole seconds; a fraction would make a fresh one start in the future. */
export function wholeSecond(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1000) * 1000);
}

/** One extension; `value` is the DER (or, for old ones, the raw bytes) inside the octet string. */
export function extension(id: string, critical: boolean, value: Uint8Array): BaseBlock {
  return critical
    ? sequence(oid(id), new Asn1Boolean({ value: true }), octets(value))
    : sequence(oid(id), octets(value));
}

/** Names the key by which verifiers find this certificate: 160 bits of SHA-256 (RFC 7093 §2). */
export function subjectKeyIdentifier(spki: Uint8Array): BaseBlock {
  return extension('2.5.29.14', false, encode(octets(keyIdentifier(spki))));
}

/** Names the issuer's key. */
export function authorityKeyIdentifier(issuerSpki: Uint8Array): BaseBlock {
  const value = sequence(implicitPrimitive(0, keyIdentifier(issuerSpki)));
  return extension('2.5.29.35', false, encode(value));
}

/** Makes a certificate an authority with at most `pathLength` authorities below it. */
export function certificateAuthority(pathLength: number): BaseBlock[] {
  const constraints = sequence(new Asn1Boolean({ value: true }), integer(pathLength));
  // keyCertSign and cRLSign: bits 5 and 6, one bit unused.
  return [
    extension('2.5.29.19', true, encode(constraints)),
    extension('2.5.29.15', true, Buffer.from([3, 2, 1, 0b110])),
  ];
}

/** Makes a certificate one for signing data (key usage bit 0, seven unused) of one kind. */
export function endEntity(purpose: string, critical: boolean): BaseBlock[] {
  return [
    extension('2.5.29.15', true, Buffer.from([3, 2, 7, 0x80])),
    extendedKeyUsage(purpose, critical),
  ];
}

/** What the key, or every key below it, is for. */
export function extendedKeyUsage(purpose: string, critical: boolean): BaseBlock {
  return extension('2.5.29.37', critical, encode(sequence(oid(purpose))));
}

function keyIdentifier(spki: Uint8Array): Buffer {
  return createHash('sha256').update(spki).digest().subarray(0, 20);
}

// RFC 5280 §4.1.2.5: two-digit years up to 2049.
function validityTime(at: Date): BaseBlock {
  return at.getUTCFullYear() < 2050 ? new UTCTime({ valueDate: at }) : time(at);
}
