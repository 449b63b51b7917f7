import { createHash, randomBytes } from 'node:crypto';
import type { BaseBlock } from 'asn1js';
import { X509Certificate as SigstoreCertificate } from '@sigstore/core';
import {
  algorithm,
  algorithmWithNull,
  embedded,
  encode,
  explicit,
  implicitSet,
  integer,
  octets,
  oid,
  sequence,
  sequenceOf,
  setOf,
  time,
  unsigned,
} from '../der.ts';
import type { CertifiedKey } from './authority-certificates.ts';
import { wholeSecond } from './certificate.ts';
import { certificateOf } from './key-ring.ts';
import { signBytes } from './signing-key.ts';
import type { TimestampRequest } from './timestamp-request.ts';

const SHA256 = '2.16.840.1.101.3.4.2.1';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const POLICY = '1.3.6.1.4.1.57264.2';

/**
 * A granted TimeStampResp (RFC 3161 §2.4.2), DER, in whole seconds: verifiers disagree about
 * fractions, and some print the time back and compare.
 */
export function timestampResponse(
  authority: CertifiedKey,
  request: TimestampRequest,
  now: Date,
): Buffer {
  const info = encode(
    sequence(
      integer(1),
      oid(POLICY),
      sequence(algorithmWithNull(request.algorithm.oid), octets(request.digest)),
      unsigned(randomBytes(16)),
      time(wholeSecond(now)),
      ...(request.nonce === undefined ? [] : [request.nonce]),
    ),
  );
  const certificate = Buffer.from(certificateOf(authority).raw);
  const signedData = sequence(
    integer(3),
    setOf(algorithmWithNull(SHA256)),
    sequence(oid(TST_INFO), explicit(0, octets(info))),
    ...(request.wantsCertificate ? [implicitSet(0, embedded(certificate))] : []),
    setOf(signerInfo(authority, certificate, info)),
  );
  const token = sequence(oid(SIGNED_DATA), explicit(0, signedData));
  return encode(sequence(sequence(integer(0)), token));
}

function signerInfo(
  authority: CertifiedKey,
  certificate: Buffer<ArrayBuffer>,
  info: Buffer,
): BaseBlock {
  const attributes = [
    sequence(oid(CONTENT_TYPE), setOf(oid(TST_INFO))),
    sequence(oid(MESSAGE_DIGEST), setOf(octets(sha256(info)))),
    // ESSCertIDv2 (RFC 5816): binds the signature to this certificate.
    sequence(
      oid(SIGNING_CERTIFICATE_V2),
      setOf(sequence(sequence(sequence(octets(sha256(certificate)))))),
    ),
  ];
  // Signed as an explicit SET OF, sent as [0] (RFC 5652 §5.4).
  const signature = signBytes(authority.key, encode(setOf(...attributes)));
  const { issuer, serialNumber } = SigstoreCertificate.parse(certificate);
  return sequence(
    integer(1),
    sequence(sequenceOf(issuer), unsigned(serialNumber)),
    algorithmWithNull(SHA256),
    implicitSet(0, ...attributes),
    algorithm(ECDSA_WITH_SHA256),
    octets(signature),
  );
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
