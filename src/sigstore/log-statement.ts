import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { IN_TOTO } from './attestation-state.ts';
import type {
  LoggedStatement,
  SerializedLogEntry,
  SignedStatement,
  TimestampedStatement,
} from './attestation-state.ts';
import { callService, describe, endpoint, parseJson } from './call-service.ts';
import type { ServiceAnswer } from './call-service.ts';
import { SignerUnavailable, SigningRefused } from './signing-errors.ts';

const entry = z.object({
  body: z.base64(),
  integratedTime: z.int().positive(),
  logID: z.hex(),
  logIndex: z.int().nonnegative(),
  verification: z.object({
    signedEntryTimestamp: z.base64().optional(),
    inclusionProof: z.object({
      checkpoint: z.string(),
      hashes: z.array(z.hex()),
      logIndex: z.int().nonnegative(),
      rootHash: z.hex(),
      treeSize: z.int().positive(),
    }),
  }),
});
const entries = z.record(z.string(), entry);
const kindOf = z.object({ kind: z.string(), apiVersion: z.string() });

type RekorEntry = z.infer<typeof entry>;

/**
 * Enters the envelope in a Rekor v1 log as `dsse/0.0.1`. An envelope that is there already (the
 * answer of an earlier try was lost) gives the entry it has.
 * Throws `SignerUnavailable`, or `SigningRefused` («entry-refused»).
 */
export async function logStatement(
  statement: SignedStatement | TimestampedStatement,
  rekorUrl: string,
  signal: AbortSignal,
): Promise<LoggedStatement> {
  const certificate = new X509Certificate(Buffer.from(statement.certificate, 'base64'));
  let reply = await callService({
    service: 'rekor',
    url: endpoint(rekorUrl, 'api/v1/log/entries'),
    contentType: 'application/json',
    body: JSON.stringify(proposal(statement, certificate)),
    signal,
  });
  if (reply.status === 409) {
    reply = await callService({
      service: 'rekor',
      url: existingEntry(reply, rekorUrl),
      method: 'GET',
      signal,
    });
  }
  if (reply.status >= 300) {
    throw new SigningRefused('entry-refused', 'the log said no', describe(reply));
  }
  return { ...statement, stage: 'logged', logEntry: toLogEntry(entryIn(reply.body), certificate) };
}

function proposal(
  statement: Pick<SignedStatement, 'payload' | 'signature'>,
  certificate: X509Certificate,
): unknown {
  const envelope = JSON.stringify({
    payload: statement.payload,
    payloadType: IN_TOTO,
    signatures: [{ sig: statement.signature, keyid: '' }],
  });
  const verifiers = [Buffer.from(certificate.toString()).toString('base64')];
  return {
    apiVersion: '0.0.1',
    kind: 'dsse',
    spec: { proposedContent: { envelope, verifiers } },
  };
}

// Only the id is taken from the header: the log does not choose which host is asked.
function existingEntry(reply: ServiceAnswer, rekorUrl: string): URL {
  const uuid = /([0-9a-f]{64,80})$/.exec(reply.headers.get('location') ?? '')?.[1];
  if (uuid === undefined) {
    throw new SigningRefused('entry-refused', 'exists, and the log does not say where');
  }
  return endpoint(rekorUrl, `api/v1/log/entries/${uuid}`);
}

function entryIn(body: Buffer): RekorEntry {
  const parsed = entries.safeParse(parseJson(body));
  const [found, ...others] = Object.values(parsed.data ?? {});
  if (found === undefined || others.length > 0) throw noEntry();
  return found;
}

function kindIn(body: string): z.infer<typeof kindOf> {
  const parsed = kindOf.safeParse(parseJson(Buffer.from(body, 'base64')));
  if (!parsed.success) throw noEntry();
  return parsed.data;
}

/** What answered is no log of this kind, or a broken one; nothing of its text is kept. */
function noEntry(): SignerUnavailable {
  const cause = new Error('no entry in the answer');
  return new SignerUnavailable('rekor-unavailable', 'rekor', cause, 'answered');
}

/**
 * The log's promise counts as a timestamp, and sigstore-js wants every timestamp inside the
 * certificate's lifetime; so a promise that came late is left out. The proof stands without it.
 */
function toLogEntry(found: RekorEntry, certificate: X509Certificate): SerializedLogEntry {
  const { inclusionProof: proof, signedEntryTimestamp: promise } = found.verification;
  const { kind, apiVersion } = kindIn(found.body);
  const inTime = found.integratedTime * 1000 <= Date.parse(certificate.validTo);
  return {
    logIndex: String(found.logIndex),
    logId: { keyId: hexToBase64(found.logID) },
    kindVersion: { kind, version: apiVersion },
    integratedTime: String(found.integratedTime),
    ...(promise !== undefined && inTime
      ? { inclusionPromise: { signedEntryTimestamp: promise } }
      : {}),
    inclusionProof: {
      logIndex: String(proof.logIndex),
      rootHash: hexToBase64(proof.rootHash),
      treeSize: String(proof.treeSize),
      hashes: proof.hashes.map(hexToBase64),
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: found.body,
  };
}

function hexToBase64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}
