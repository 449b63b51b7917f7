import { createHash } from 'node:crypto';
import type { BundleLatest } from '@sigstore/bundle';
import { dsse } from '@sigstore/core';
import { z } from 'zod';
import type { ParsedBundle } from './parse-bundle.ts';

type LogEntry = BundleLatest['verificationMaterial']['tlogEntries'][number];

/** What an entry must be about. */
type Signed = Pick<ParsedBundle, 'certificateDer' | 'envelope'>;

const dsseBody = z.object({
  kind: z.literal('dsse'),
  spec: z.object({ signatures: z.tuple([z.object({ verifier: z.base64() })]) }),
});

// Exact to the member: another reading of a field that is not known here could say otherwise.
const hashedBody = z.strictObject({
  apiVersion: z.literal('0.0.2'),
  kind: z.literal('hashedrekord'),
  spec: z.strictObject({
    hashedRekordV002: z.strictObject({
      data: z.strictObject({ algorithm: z.literal('SHA2_256'), digest: z.base64() }),
      signature: z.strictObject({
        content: z.base64(),
        verifier: z.strictObject({
          x509Certificate: z.strictObject({ rawBytes: z.base64() }),
          keyDetails: z.literal('PKIX_ECDSA_P256_SHA_256'),
        }),
      }),
    }),
  }),
});

/**
 * What the library leaves open in a log entry: the entry is of a kind that we know and for this
 * very certificate, and size and root of the proof are those of the signed checkpoint. Gives the
 * first thing that is wrong.
 */
export function logEntryFault(entry: LogEntry, signed: Signed): string | undefined {
  const proof = entry.inclusionProof;
  const [, size, root] = (proof?.checkpoint?.envelope ?? '').split('\n');
  if (proof === undefined || proof.treeSize !== size) return 'tree size differs from checkpoint';
  if (Buffer.from(root ?? '', 'base64').compare(proof.rootHash) !== 0) {
    return 'root differs from checkpoint';
  }
  const { kind, version } = entry.kindVersion;
  switch (`${kind}/${version}`) {
    case 'dsse/0.0.1':
      return dsseFault(entry, signed);
    case 'hashedrekord/0.0.2':
      return hashedFault(entry, signed);
    default:
      return 'an entry of another kind';
  }
}

function dsseFault(entry: LogEntry, { certificateDer }: Signed): string | undefined {
  const body = dsseBody.safeParse(parse(entry.canonicalizedBody));
  if (!body.success) return 'entry does not name one verifier';
  const pem = Buffer.from(body.data.spec.signatures[0].verifier, 'base64').toString('latin1');
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  return der.equals(certificateDer) ? undefined : 'entry is for another certificate';
}

/** Rekor v2: over the digest of what was signed, and without a time of the log's own. */
function hashedFault(entry: LogEntry, { certificateDer, envelope }: Signed): string | undefined {
  if (entry.inclusionPromise !== undefined || Number(entry.integratedTime) !== 0)
    return 'an entry of this kind has no time';
  // A v1 log in parts counts over all of them, and its promise signs that; here nothing else does.
  if (entry.logIndex !== entry.inclusionProof?.logIndex) return 'index differs from the proof';
  const body = hashedBody.safeParse(parse(entry.canonicalizedBody));
  if (!body.success) return 'entry does not name one digest, signature and certificate';
  const { data, signature } = body.data.spec.hashedRekordV002;
  const signed = dsse.preAuthEncoding(envelope.payloadType, envelope.payload);
  if (data.digest !== createHash('sha256').update(signed).digest('base64'))
    return 'entry is over something else';
  const [own] = envelope.signatures;
  if (own === undefined || !Buffer.from(signature.content, 'base64').equals(own.sig))
    return 'entry is for another signature';
  const { rawBytes } = signature.verifier.x509Certificate;
  return Buffer.from(rawBytes, 'base64').equals(certificateDer)
    ? undefined
    : 'entry is for another certificate';
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
