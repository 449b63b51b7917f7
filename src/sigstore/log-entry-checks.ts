import type { BundleLatest } from '@sigstore/bundle';
import { z } from 'zod';

type LogEntry = BundleLatest['verificationMaterial']['tlogEntries'][number];

const dsseBody = z.object({
  kind: z.literal('dsse'),
  spec: z.object({ signatures: z.tuple([z.object({ verifier: z.base64() })]) }),
});

/**
 * What the library leaves open in a log entry: the entry is for this very certificate, and size
 * and root of the proof are those of the signed checkpoint. Gives the first thing that is wrong.
 */
export function logEntryFault(entry: LogEntry, certificateDer: Buffer): string | undefined {
  const proof = entry.inclusionProof;
  const [, size, root] = (proof?.checkpoint?.envelope ?? '').split('\n');
  if (proof === undefined || proof.treeSize !== size) return 'tree size differs from checkpoint';
  if (Buffer.from(root ?? '', 'base64').compare(proof.rootHash) !== 0) {
    return 'root differs from checkpoint';
  }
  // Rekor v2 entries carry the certificate elsewhere; the signature binds those.
  if (entry.kindVersion.kind !== 'dsse' || entry.kindVersion.version !== '0.0.1') return undefined;
  const body = dsseBody.safeParse(parse(entry.canonicalizedBody));
  if (!body.success) return 'entry does not name one verifier';
  const pem = Buffer.from(body.data.spec.signatures[0].verifier, 'base64').toString('latin1');
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  return der.equals(certificateDer) ? undefined : 'entry is for another certificate';
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
