import { createHash, randomBytes } from 'node:crypto';
import { RFC3161Timestamp } from '@sigstore/core';
import { Boolean as Asn1Boolean } from 'asn1js';
import type { SignedStatement, TimestampedStatement } from './attestation-state.ts';
import { callService, describe, endpoint } from './call-service.ts';
import { algorithmWithNull, encode, integer, octets, sequence, unsigned } from './der.ts';
import { DIGEST_ALGORITHMS } from './digest-algorithms.ts';
import { SignerUnavailable, SigningRefused } from './signing-errors.ts';

/**
 * Has the signature timestamped (RFC 3161, DER, with a nonce): every timestamp authority speaks
 * this, Sigstore's and others. A `tsaUrl` without a path means Sigstore's path; any other is used
 * as it is. Throws `SignerUnavailable`, or `SigningRefused` («timestamp-refused»).
 */
export async function timestampSignature(
  statement: SignedStatement,
  tsaUrl: string,
  signal: AbortSignal,
): Promise<TimestampedStatement> {
  const signature = Buffer.from(statement.signature, 'base64');
  const digest = createHash('sha256').update(signature).digest();
  const reply = await callService({
    service: 'tsa',
    url: new URL(tsaUrl).pathname === '/' ? endpoint(tsaUrl, 'api/v1/timestamp') : new URL(tsaUrl),
    contentType: 'application/timestamp-query',
    body: query(digest),
    signal,
  });
  if (reply.status >= 300) {
    throw new SigningRefused('timestamp-refused', 'the authority said no', describe(reply));
  }
  checkImprint(reply.body, digest);
  return { ...statement, stage: 'timestamped', timestamp: reply.body.toString('base64') };
}

// RFC 3161 §2.4.1. The certificate is not asked for: verifiers have it in their trusted root.
function query(digest: Buffer): Buffer {
  return encode(
    sequence(
      integer(1),
      sequence(algorithmWithNull(DIGEST_ALGORITHMS[0].oid), octets(digest)),
      unsigned(randomBytes(8)),
      new Asn1Boolean({ value: false }),
    ),
  );
}

// Caught here, a wrong answer costs one retry; caught at verification it costs the entry.
function checkImprint(der: Buffer<ArrayBuffer>, digest: Buffer): void {
  let imprint: Buffer;
  try {
    const response = RFC3161Timestamp.parse(der);
    if (response.status !== 0n && response.status !== 1n) {
      throw new SigningRefused('timestamp-refused', `status ${response.status}`);
    }
    imprint = response.tstInfo.messageImprintHashedMessage;
  } catch (error) {
    if (error instanceof SigningRefused) throw error;
    throw new SignerUnavailable('tsa-unavailable', 'tsa', error, 'answered');
  }
  if (!imprint.equals(digest)) {
    throw new SigningRefused('timestamp-refused', 'the timestamp is over something else');
  }
}
