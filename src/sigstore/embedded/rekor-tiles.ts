import { Hono } from 'hono';
import { signTilesCheckpoint } from './checkpoint.ts';
import { canonicalHashedEntry } from './hashed-entry.ts';
import type { SigningKey } from './signing-key.ts';
import type { LogLeaf, TransparencyLog } from './transparency-log.ts';

// google.rpc.Code.
const INVALID_ARGUMENT = 3;

/**
 * Rekor's v2 interface for writing (rekor-tiles): `hashedrekord` 0.0.2 alone, and no promise with a
 * time. Entries go into the one tree that v1's go into; the same entry twice gives the one it has.
 */
export function rekorTilesRoutes(log: TransparencyLog, key: SigningKey): Hono {
  const app = new Hono();
  app.post('/api/v2/log/entries', async (context) => {
    const proposal: unknown = await context.req.json().catch(() => undefined);
    const body = canonicalHashedEntry(proposal);
    if (typeof body === 'string')
      return Response.json({ code: INVALID_ARGUMENT, message: body, details: [] }, { status: 400 });
    const { leaf } = await log.append(body);
    return Response.json(transparencyLogEntry(log, key, leaf), { status: 201 });
  });
  return app;
}

/** `TransparencyLogEntry` of the Sigstore protobufs, as protobuf's JSON has it. */
function transparencyLogEntry(log: TransparencyLog, key: SigningKey, leaf: LogLeaf): unknown {
  const head = log.head();
  return {
    logIndex: String(leaf.index),
    logId: { keyId: base64(key.id) },
    kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
    inclusionProof: {
      logIndex: String(leaf.index),
      rootHash: base64(head.rootHash),
      treeSize: String(head.size),
      hashes: log.inclusion(leaf.index).map(base64),
      checkpoint: { envelope: signTilesCheckpoint(key, head) },
    },
    canonicalizedBody: base64(leaf.body),
  };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
