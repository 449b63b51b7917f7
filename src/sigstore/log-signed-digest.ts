import { createHash } from 'node:crypto';
import { dsse } from '@sigstore/core';
import { z } from 'zod';
import { IN_TOTO } from './attestation-state.ts';
import type {
  LoggedStatement,
  SerializedLogEntry,
  TimestampedStatement,
} from './attestation-state.ts';
import { callService, describe, endpoint, parseJson } from './call-service.ts';
import { SignerUnavailable, SigningRefused } from './signing-errors.ts';

/** Protobuf's JSON writes 64-bit integers as strings; both are read. */
const int64 = z.union([z.string().regex(/^\d{1,18}$/), z.int().nonnegative().transform(String)]);

const answer = z.object({
  logIndex: int64.default('0'),
  logId: z.object({ keyId: z.base64() }),
  kindVersion: z.object({ kind: z.literal('hashedrekord'), version: z.literal('0.0.2') }),
  inclusionProof: z.object({
    logIndex: int64.default('0'),
    rootHash: z.base64(),
    treeSize: int64,
    hashes: z.array(z.base64()).default([]),
    checkpoint: z.object({ envelope: z.string() }),
  }),
  canonicalizedBody: z.base64(),
});

/**
 * Enters the signature in a Rekor v2 log (rekor-tiles) as `hashedrekord` 0.0.2, over the digest of
 * what was signed: the envelope's pre-authentication encoding. Such a log promises no time, so the
 * statement must have been timestamped.
 * Throws `SignerUnavailable`, or `SigningRefused` («entry-refused»).
 */
export async function logSignedDigest(
  statement: TimestampedStatement,
  rekorUrl: string,
  signal: AbortSignal,
): Promise<LoggedStatement> {
  const reply = await callService({
    service: 'rekor',
    url: endpoint(rekorUrl, 'api/v2/log/entries'),
    contentType: 'application/json',
    body: JSON.stringify({ hashedRekordRequestV002: request(statement) }),
    signal,
  });
  if (reply.status >= 300) {
    throw new SigningRefused('entry-refused', 'the log said no', describe(reply));
  }
  return { ...statement, stage: 'logged', logEntry: entryIn(reply.body) };
}

function request({ payload, signature, certificate }: TimestampedStatement): unknown {
  const signed = dsse.preAuthEncoding(IN_TOTO, Buffer.from(payload, 'base64'));
  return {
    digest: createHash('sha256').update(signed).digest('base64'),
    signature: {
      content: signature,
      verifier: {
        x509Certificate: { rawBytes: certificate },
        keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      },
    },
  };
}

function entryIn(body: Buffer): SerializedLogEntry {
  const parsed = answer.safeParse(parseJson(body));
  if (!parsed.success) {
    const cause = new Error('no entry in the answer');
    throw new SignerUnavailable('rekor-unavailable', 'rekor', cause, 'answered');
  }
  return { ...parsed.data, integratedTime: '0' };
}
